// Keys for AWS out of a profile.
#include "objectstore/http/s3/aws_key_sources.h"
#include "objectstore/http/s3/aws_profile.h"

namespace levee::objectstore {
namespace {

class ProfileKeys final : public AwsKeySource {
 public:
  explicit ProfileKeys(const settings::EnvironmentLookup& environment) : environment_(environment) {}

  std::string name() const override { return name_; }

  Result<std::optional<AwsKeys>> Fetch() override {
    LEVEE_ASSIGN(const AwsProfile profile, ReadAwsProfile(environment_));
    name_ = "the profile '" + profile.name + "'";
    if (!profile.exists) {
      if (!profile.chosen) return std::optional<AwsKeys>();
      return Fail(ErrorCode::kInvalidArgument, "AWS_PROFILE", "there is no profile '" + profile.name + "'",
                  "see ~/.aws/credentials and ~/.aws/config");
    }
    AwsKeys keys{.access_key_id = profile.Value("aws_access_key_id"),
                 .secret_access_key = profile.Value("aws_secret_access_key"),
                 .session_token = profile.Value("aws_session_token")};
    if (!keys.access_key_id.empty() && !keys.secret_access_key.empty()) return std::optional(std::move(keys));
    for (const char* const other : {"role_arn", "sso_session", "sso_start_url", "credential_process"}) {
      if (profile.Value(other).empty()) continue;
      return Fail(ErrorCode::kUnsupported, name_, std::string("it gets its keys by ") + other + ", which is not built in",
                  "aws configure export-credentials --format env prints them for the environment");
    }
    return std::optional<AwsKeys>();
  }

 private:
  const settings::EnvironmentLookup environment_;
  std::string name_ = "~/.aws";
};

}  // namespace

std::unique_ptr<AwsKeySource> MakeProfileKeys(const settings::EnvironmentLookup& environment) {
  return std::make_unique<ProfileKeys>(environment);
}

}  // namespace levee::objectstore
