// Which banks the suite runs on.
#include "tests/fakes/plain_bank/plain_bank.h"
#include "tests/memory_bank/bank_under_test.h"

namespace levee::memory_bank {
namespace {

class Plain final : public BankUnderTest {
 public:
  Plain(Clock& clock, const BankSettings& settings)
      : bank_(
            {.replica = settings.replica, .author = settings.author, .content_limit = settings.content_limit},
            clock) {}
  MemoryBank& bank() override { return bank_; }

 private:
  fakes::PlainBank bank_;
};

template <typename T>
BankKind KindOf(std::string name) {
  return {std::move(name),
          [](Clock& clock, const BankSettings& settings) { return std::make_unique<T>(clock, settings); }};
}

}  // namespace

std::vector<BankKind> BankKinds() { return {KindOf<Plain>("plain")}; }

}  // namespace levee::memory_bank
