// Where keys for AWS come from, and how long they are kept.
#include "objectstore/http/s3/aws_credentials.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

#include "objectstore/http/s3/aws_key_sources.h"
#include "tests/fakes/scripted_transport.h"

namespace levee::objectstore {
namespace {

class AwsCredentialsTest : public testing::Test {
 protected:
  AwsCredentialsTest() {
    char name[] = "/tmp/levee-aws-XXXXXX";
    home_ = ::mkdtemp(name);
    environment_["HOME"] = home_;
  }
  ~AwsCredentialsTest() override { std::filesystem::remove_all(home_); }

  void Write(const std::string& path, const std::string& text) {
    std::filesystem::create_directories(std::filesystem::path(home_ + "/" + path).parent_path());
    std::ofstream(home_ + "/" + path) << text;
  }
  std::unique_ptr<AwsCredentials> Credentials() {
    const settings::EnvironmentLookup lookup = [this](const std::string& name) -> std::optional<std::string> {
      const auto found = environment_.find(name);
      return found == environment_.end() ? std::nullopt : std::optional(found->second);
    };
    return std::make_unique<AwsCredentials>(AwsKeySources(cloud_.context(), lookup, "eu-west-1"), cloud_.clock, "keys", "set");
  }
  std::string Role(const std::string& id, int minutes) {
    const std::int64_t at = cloud_.clock.now_ms / 1000 + minutes * 60 - 1'700'000'000;
    char time[64];
    std::snprintf(time, sizeof time, "2023-11-14T%02d:%02d:20Z", static_cast<int>(22 + at / 3600),
                  static_cast<int>((13 * 60 + at) / 60 % 60));
    return R"({"AccessKeyId":")" + id + R"(","SecretAccessKey":"S","Token":"T","Expiration":")" + time + "\"}";
  }

  std::string home_;
  std::map<std::string, std::string> environment_;
  fakes::ScriptedCloud cloud_;
};

TEST_F(AwsCredentialsTest, TheEnvironmentComesFirst) {
  environment_["AWS_ACCESS_KEY_ID"] = "A";
  environment_["AWS_SECRET_ACCESS_KEY"] = "S";
  Write(".aws/credentials", "[default]\naws_access_key_id=B\naws_secret_access_key=S\n");
  const auto credentials = Credentials();
  EXPECT_EQ(credentials->Get()->access_key_id, "A");
  EXPECT_EQ(credentials->source(), "the environment");
  EXPECT_FALSE(credentials->Renew());
}

TEST_F(AwsCredentialsTest, AProfileIsReadFromBothFiles) {
  Write(".aws/credentials", "# note\n[default]\naws_access_key_id = D\naws_secret_access_key = S\n\n[other]\n"
                            "AWS_ACCESS_KEY_ID = O\naws_secret_access_key = a=b\n");
  Write(".aws/config", "[profile other]\nregion = x\ns3 =\n  addressing_style = path\naws_session_token = T\n");
  EXPECT_EQ(Credentials()->Get()->access_key_id, "D");
  environment_["AWS_PROFILE"] = "other";
  const auto keys = Credentials()->Get();
  ASSERT_TRUE(keys);
  EXPECT_EQ(keys->access_key_id, "O");
  EXPECT_EQ(keys->secret_access_key, "a=b");
  EXPECT_EQ(keys->session_token, "T");
}

TEST_F(AwsCredentialsTest, AProfileThatCannotBeUsedIsTold) {
  environment_["AWS_PROFILE"] = "none";
  EXPECT_EQ(Credentials()->Get().error().why, "there is no profile 'none'");
  environment_["AWS_PROFILE"] = "sso";
  Write(".aws/config", "[profile sso]\nsso_session = x\n");
  EXPECT_EQ(Credentials()->Get().error().code, ErrorCode::kUnsupported);
  Write(".aws/config", "[profile sso\n");
  EXPECT_NE(Credentials()->Get().error().what.find(".aws/config:1"), std::string::npos);
  Write(".aws/config", "[profile sso]\nno equals\n");
  EXPECT_NE(Credentials()->Get().error().what.find(".aws/config:2"), std::string::npos);
}

TEST_F(AwsCredentialsTest, AWebIdentityIsExchanged) {
  environment_["AWS_WEB_IDENTITY_TOKEN_FILE"] = home_ + "/token";
  environment_["AWS_ROLE_ARN"] = "arn:aws:iam::1:role/r";
  Write("token", "WEBTOKEN\n");
  cloud_.transport.Add(200,
                       "<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials>"
                       "<AccessKeyId>W</AccessKeyId><SecretAccessKey>S</SecretAccessKey><SessionToken>T</SessionToken>"
                       "<Expiration>2023-11-14T23:13:20Z</Expiration></Credentials></AssumeRoleWithWebIdentityResult>"
                       "</AssumeRoleWithWebIdentityResponse>");
  const auto credentials = Credentials();
  EXPECT_EQ(credentials->Get()->session_token, "T");
  const HttpRequest& request = cloud_.transport.requests.at(0);
  EXPECT_EQ(request.url, "https://sts.eu-west-1.amazonaws.com/");
  EXPECT_NE(request.body.find("WebIdentityToken=WEBTOKEN"), std::string::npos);
  EXPECT_EQ(credentials->Get()->access_key_id, "W");
  EXPECT_EQ(cloud_.transport.requests.size(), 1u);
}

TEST_F(AwsCredentialsTest, ARefusedWebIdentityIsToldWithoutItsToken) {
  environment_["AWS_WEB_IDENTITY_TOKEN_FILE"] = home_ + "/token";
  environment_["AWS_ROLE_ARN"] = "r";
  Write("token", "WEBTOKEN");
  cloud_.transport.Add(403, "<ErrorResponse><Error><Code>AccessDenied</Code><Message>WEBTOKEN may not</Message></Error></ErrorResponse>");
  const auto keys = Credentials()->Get();
  ASSERT_FALSE(keys);
  EXPECT_EQ(keys.error().why, "the server answered 403 AccessDenied: *** may not");
}

TEST_F(AwsCredentialsTest, KeysOfAContainerAreRenewedBeforeTheyExpire) {
  environment_["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://169.254.170.23/v1/credentials";
  environment_["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = home_ + "/token";
  Write("token", "PODTOKEN\n");
  cloud_.transport.Add(200, Role("C1", 30));
  cloud_.transport.Add(200, Role("C2", 55));
  const auto credentials = Credentials();
  EXPECT_EQ(credentials->Get()->access_key_id, "C1");
  EXPECT_EQ(fakes::HeaderOf(cloud_.transport.requests.at(0), "Authorization"), "PODTOKEN");
  EXPECT_TRUE(cloud_.transport.requests.at(0).direct);
  cloud_.clock.now_ms += 24 * 60'000;
  EXPECT_EQ(credentials->Get()->access_key_id, "C1");
  cloud_.clock.now_ms += 2 * 60'000;
  EXPECT_EQ(credentials->Get()->access_key_id, "C2");
}

TEST_F(AwsCredentialsTest, KeysThatAreStillGoodDoWhileTheirSourceIsOut) {
  environment_["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/v2/x";
  cloud_.transport.Add(200, Role("C1", 30));
  const auto credentials = Credentials();
  EXPECT_EQ(credentials->Get()->access_key_id, "C1");
  EXPECT_EQ(cloud_.transport.requests.at(0).url, "http://169.254.170.2/v2/x");
  cloud_.clock.now_ms += 27 * 60'000;
  cloud_.transport.Add(403);
  EXPECT_EQ(credentials->Get()->access_key_id, "C1");
  cloud_.clock.now_ms += 4 * 60'000;
  cloud_.transport.Add(403);
  EXPECT_FALSE(credentials->Get());
}

TEST_F(AwsCredentialsTest, AContainersTokenGoesToNobodyElse) {
  environment_["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://example.com/credentials";
  EXPECT_EQ(Credentials()->Get().error().what, "AWS_CONTAINER_CREDENTIALS_FULL_URI");
  EXPECT_TRUE(cloud_.transport.requests.empty());
}

TEST_F(AwsCredentialsTest, TheMachineHandsOutItsRolesKeys) {
  cloud_.transport.Add(200, "IMDSTOKEN");
  cloud_.transport.Add(200, "role-name\n");
  cloud_.transport.Add(200, Role("M", 60));
  const auto credentials = Credentials();
  EXPECT_EQ(credentials->Get()->access_key_id, "M");
  const auto& requests = cloud_.transport.requests;
  ASSERT_EQ(requests.size(), 3u);
  EXPECT_EQ(requests[0].method, HttpMethod::kPut);
  EXPECT_EQ(requests[2].url, "http://169.254.169.254/latest/meta-data/iam/security-credentials/role-name");
  EXPECT_EQ(fakes::HeaderOf(requests[2], "X-aws-ec2-metadata-token"), "IMDSTOKEN");
}

TEST_F(AwsCredentialsTest, RefusedKeysAreFetchedAnewAtMostNowAndThen) {
  for (const char* const id : {"M1", "M2"}) {
    cloud_.transport.Add(200, "IMDSTOKEN");
    cloud_.transport.Add(200, "role");
    cloud_.transport.Add(200, Role(id, 60));
  }
  const auto credentials = Credentials();
  EXPECT_EQ(credentials->Get()->access_key_id, "M1");
  EXPECT_FALSE(credentials->Renew());
  cloud_.clock.now_ms += 11'000;
  EXPECT_TRUE(credentials->Renew());
  EXPECT_EQ(credentials->Get()->access_key_id, "M2");
}

TEST_F(AwsCredentialsTest, WithoutAnyThePlacesAreTold) {
  environment_["AWS_EC2_METADATA_DISABLED"] = "true";
  const auto keys = Credentials()->Get();
  ASSERT_FALSE(keys);
  EXPECT_EQ(keys.error().code, ErrorCode::kInvalidArgument);
  EXPECT_NE(keys.error().why.find("the environment, the web identity"), std::string::npos) << keys.error().why;
  for (int i = 0; i < 2; ++i) cloud_.transport.AddFailure(ErrorCode::kUnavailable, true);
  environment_.erase("AWS_EC2_METADATA_DISABLED");
  EXPECT_FALSE(Credentials()->Get());
}

}  // namespace
}  // namespace levee::objectstore
