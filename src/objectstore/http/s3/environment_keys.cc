// Keys for AWS out of the environment.
#include "objectstore/http/s3/aws_key_sources.h"

namespace levee::objectstore {
namespace {

class EnvironmentKeys final : public AwsKeySource {
 public:
  explicit EnvironmentKeys(const settings::EnvironmentLookup& environment)
      : id_(environment("AWS_ACCESS_KEY_ID").value_or("")),
        secret_(environment("AWS_SECRET_ACCESS_KEY").value_or("")),
        token_(environment("AWS_SESSION_TOKEN").value_or("")) {}

  std::string name() const override { return "the environment"; }
  bool may_change() const override { return false; }

  Result<std::optional<AwsKeys>> Fetch() override {
    if (id_.empty() && secret_.empty()) return std::optional<AwsKeys>();
    if (id_.empty() || secret_.empty()) {
      return Fail(ErrorCode::kInvalidArgument, id_.empty() ? "AWS_ACCESS_KEY_ID" : "AWS_SECRET_ACCESS_KEY",
                  "it is not set, though its counterpart is", "set both or none");
    }
    return std::optional(AwsKeys{.access_key_id = id_, .secret_access_key = secret_, .session_token = token_});
  }

 private:
  const std::string id_, secret_, token_;
};

}  // namespace

std::unique_ptr<AwsKeySource> MakeEnvironmentKeys(const settings::EnvironmentLookup& environment) {
  return std::make_unique<EnvironmentKeys>(environment);
}

}  // namespace levee::objectstore
