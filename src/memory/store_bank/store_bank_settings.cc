// Settings that change while the bank is open.
#include <string>
#include <utility>

#include "memory/cache/tuned_policy.h"
#include "memory/model/errors.h"
#include "memory/store_bank/option_settings.h"
#include "memory/store_bank/store_bank.h"
#include "settings/definitions.h"

namespace levee::memory {
namespace {

std::unexpected<Error> Refused(const std::string& key, std::string why, std::string hint) {
  return InvalidItem("setting '" + key + "'", std::move(why), std::move(hint));
}

constexpr const char* kQuestion = "question";

// The setting, if it may have that value from now on.
Result<const settings::Definition*> CheckChange(const std::string& key, const std::string& text) {
  const settings::Definition* const definition = settings::FindDefinition(key);
  if (definition == nullptr) return Refused(key, "there is none of that name", "levee config show lists them");
  bool changes = false;
  for (const OptionSetting& setting : OptionSettings()) changes = changes || (setting.while_running && setting.key == definition->key);
  if (!changes) {
    return Refused(key, "it is taken up only when a bank is opened", "set it before (levee config set)");
  }
  Status checked = settings::CheckValue(*definition, text);
  if (!checked) return WithCode(std::move(checked).error(), "VALIDATION_ERROR");
  return definition;
}

}  // namespace

Status StoreBank::UpdateSettings(const std::map<std::string, std::string>& settings) {
  const std::lock_guard one(updating_);
  std::map<std::string_view, std::string_view> changes;
  for (const auto& [key, text] : settings) {
    LEVEE_ASSIGN(const settings::Definition* definition, CheckChange(key, text));
    changes[definition->key] = text;
  }
  std::map<std::string_view, std::string> texts = changed_;
  for (const auto& [key, text] : changes) {
    if (text.empty()) {
      texts.erase(key);
    } else {
      texts[key] = text;
    }
  }
  auto options = std::make_shared<StoreBankOptions>(options_);
  for (const auto& [key, text] : texts) SetOption(*options, key, text);
  // As at the start, unless it says what holds anyway.
  Status fits = CheckTuning(options->records.policy, [&](std::string_view key) {
    const auto change = changes.find(key);
    return change != changes.end() && !change->second.empty() && change->second != settings::FindDefinition(key)->default_text;
  });
  if (!fits) return WithCode(std::move(fits).error(), "VALIDATION_ERROR");
  changed_ = std::move(texts);
  TakeUp(std::move(options));
  return {};
}

void StoreBank::TakeUp(std::shared_ptr<const StoreBankOptions> options) {
  log_.set_slow_us(options->slow_us);
  log_.set_logged(options->logged);
  records_.Change(options->records);
  const std::shared_ptr<const StoreBankOptions> before = Now();
  const auto set_interval = [this](std::size_t job, std::int64_t old_ms, std::int64_t new_ms) {
    if (old_ms != new_ms) schedule_.SetInterval(job, new_ms);
  };
  const auto optimise_ms = [](const StoreBankOptions& of) { return of.optimise ? of.optimise_ms : 0; };
  set_interval(jobs_.statistics, before->statistics_ms, options->statistics_ms);
  set_interval(jobs_.checkpoint, before->checkpoint_ms, options->checkpoint_ms);
  set_interval(jobs_.optimise, optimise_ms(*before), optimise_ms(*options));
  set_interval(jobs_.vacuum, before->vacuum_ms, options->vacuum_ms);
  if (options_.tuning != nullptr && before->database != options->database) options_.tuning->Change(options->database);
  const std::lock_guard lock(options_mutex_);
  options_now_ = std::move(options);
}

CancellationScope StoreBank::LimitQuestion() const {
  const std::int64_t timeout_ms = Now()->query_timeout_ms;
  // The command that asks may be called off once the question's own time is over.
  if (timeout_ms == 0) return CancellationScope(CurrentCancellation());
  return CancellationScope(Cancellation(clock_, clock_.MonotonicNanos() + timeout_ms * 1'000'000));
}

Error StoreBank::AsTimeout(Error error) const {
  const std::int64_t timeout_ms = Now()->query_timeout_ms;
  if (timeout_ms == 0) return error;
  return {ErrorCode::kCancelled, kQuestion, "it took longer than memory_query_timeout, " + std::to_string(timeout_ms) + " ms",
          "narrow it, or raise the setting", "INVALID_QUERY"};
}

Status StoreBank::ClearCache() {
  records_.Clear();
  pages_.cache().Clear();
  return {};
}

}  // namespace levee::memory
