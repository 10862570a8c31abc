// How requests to Azure and Google get their tokens, and how Azure's are signed.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

#include "objectstore/http/azure/azure_credentials.h"
#include "objectstore/http/azure/azure_dialect.h"
#include "objectstore/http/cloud_object_store.h"
#include "objectstore/http/gcs/gcs_dialect.h"
#include "objectstore/http/gcs/gcs_tokens.h"
#include "tests/fakes/scripted_transport.h"

namespace levee::objectstore {
namespace {

constexpr char kToken[] = R"({"access_token":"TOKEN1","expires_in":3600,"token_type":"Bearer"})";

class TokensTest : public testing::Test {
 protected:
  TokensTest() {
    char name[] = "/tmp/levee-tokens-XXXXXX";
    folder_ = ::mkdtemp(name);
  }
  ~TokensTest() override { std::filesystem::remove_all(folder_); }

  settings::EnvironmentLookup lookup() {
    return [this](const std::string& name) -> std::optional<std::string> {
      const auto found = environment_.find(name);
      return found == environment_.end() ? std::nullopt : std::optional(found->second);
    };
  }
  std::string Write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ + "/" + name) << text;
    return folder_ + "/" + name;
  }
  const HttpRequest& request(std::size_t number) { return cloud_.transport.requests.at(number); }

  std::string folder_;
  std::map<std::string, std::string> environment_;
  fakes::ScriptedCloud cloud_;
};

TEST_F(TokensTest, AnAzureClientsSecretIsExchanged) {
  environment_ = {{"AZURE_CLIENT_ID", "c"}, {"AZURE_CLIENT_SECRET", "HIDDEN"}, {"AZURE_TENANT_ID", "t/x"}};
  cloud_.transport.Add(200, kToken);
  const auto source = MakeClientSecretToken(cloud_.context(), lookup());
  const auto token = source->Fetch();
  ASSERT_TRUE(token && token->has_value());
  EXPECT_EQ((*token)->text, "TOKEN1");
  EXPECT_EQ((*token)->expires_ms, cloud_.clock.now_ms + 3'600'000);
  EXPECT_EQ(request(0).url, "https://login.microsoftonline.com/t%2Fx/oauth2/v2.0/token");
  EXPECT_NE(request(0).body.find("client_secret=HIDDEN"), std::string::npos);
  EXPECT_NE(request(0).body.find("scope=https%3A%2F%2Fstorage.azure.com%2F.default"), std::string::npos);
  cloud_.transport.Add(401, R"({"error":"invalid_client","error_description":"HIDDEN is wrong\r\nTrace: 1"})");
  const auto refused = source->Fetch();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().why, "it answered 401 invalid_client: *** is wrong");
}

TEST_F(TokensTest, AWorkloadsTokenIsReadEachTime) {
  environment_ = {{"AZURE_CLIENT_ID", "c"}, {"AZURE_TENANT_ID", "t"},
                  {"AZURE_FEDERATED_TOKEN_FILE", Write("token", "FEDERATED1\n")},
                  {"AZURE_AUTHORITY_HOST", "https://login.example/"}};
  const auto source = MakeWorkloadToken(cloud_.context(), lookup());
  for (const char* const text : {"FEDERATED1", "FEDERATED2"}) {
    Write("token", text);
    cloud_.transport.Add(200, kToken);
    ASSERT_TRUE(source->Fetch());
    EXPECT_NE(cloud_.transport.requests.back().body.find(std::string("client_assertion=") + text), std::string::npos);
  }
  EXPECT_EQ(request(0).url, "https://login.example/t/oauth2/v2.0/token");
}

TEST_F(TokensTest, TheMachinesIdentityIsAskedDirectly) {
  cloud_.transport.Add(200, R"({"access_token":"M","expires_in":"86399"})");
  const auto token = MakeManagedIdentityToken(cloud_.context(), lookup())->Fetch();
  ASSERT_TRUE(token && token->has_value());
  EXPECT_TRUE(request(0).direct);
  EXPECT_EQ(fakes::HeaderOf(request(0), "Metadata"), "true");
  environment_ = {{"IDENTITY_ENDPOINT", "http://127.0.0.1:9/msi"}, {"IDENTITY_HEADER", "H"}};
  cloud_.transport.Add(200, kToken);
  ASSERT_TRUE(MakeManagedIdentityToken(cloud_.context(), lookup())->Fetch());
  EXPECT_EQ(fakes::HeaderOf(request(1), "X-IDENTITY-HEADER"), "H");
  // Elsewhere nobody answers.
  for (int i = 0; i < 2; ++i) cloud_.transport.AddFailure(ErrorCode::kUnavailable, true);
  environment_.clear();
  const auto none = MakeManagedIdentityToken(cloud_.context(), lookup())->Fetch();
  ASSERT_TRUE(none);
  EXPECT_FALSE(none->has_value());
}

TEST_F(TokensTest, AzuresFirstCredentialsWin) {
  const AzureLocation location{.account = "a", .container = "c", .endpoint = {.scheme = "https", .authority = "h", .path = {}}};
  const auto source = [&] {
    const auto credentials = ReadAzureCredentials(location, cloud_.context(), lookup());
    return credentials ? credentials->source() : credentials.error().what;
  };
  environment_ = {{"AZURE_STORAGE_SAS_TOKEN", "?sig=x"}, {"AZURE_STORAGE_ACCOUNT_KEY", "a2V5"}};
  EXPECT_EQ(source(), "AZURE_STORAGE_ACCOUNT_KEY");
  environment_["AZURE_STORAGE_ACCOUNT_KEY"] = "k";
  EXPECT_EQ(source(), "AZURE_STORAGE_ACCOUNT_KEY");  // named by the error
  environment_.erase("AZURE_STORAGE_ACCOUNT_KEY");
  EXPECT_EQ(source(), "AZURE_STORAGE_SAS_TOKEN");
  environment_["AZURE_SKIP_SIGNATURE"] = "true";
  EXPECT_EQ(source(), "AZURE_SKIP_SIGNATURE: no credentials");
}

TEST_F(TokensTest, AzureRequestsCarryTheTokenOrTheSignature) {
  const AzureLocation location{.account = "acc", .container = "c",
                               .endpoint = {.scheme = "https", .authority = "acc.blob.core.windows.net", .path = {}}};
  environment_ = {{"AZURE_STORAGE_TOKEN", "GIVEN"}};
  auto dialect = MakeAzureDialect(location, cloud_.context(), lookup());
  ASSERT_TRUE(dialect);
  HttpRequest by_token = (*dialect)->Stat("a b");
  ASSERT_TRUE((*dialect)->Authorize(by_token));
  EXPECT_EQ(by_token.url, "https://acc.blob.core.windows.net/c/a%20b");
  EXPECT_EQ(fakes::HeaderOf(by_token, "Authorization"), "Bearer GIVEN");
  environment_ = {{"AZURE_STORAGE_SAS_TOKEN", "?sv=1&sig=HIDDEN%3D"}};
  dialect = MakeAzureDialect(location, cloud_.context(), lookup());
  HttpRequest by_sas = (*dialect)->List({.prefix = "p/"});
  ASSERT_TRUE((*dialect)->Authorize(by_sas));
  EXPECT_TRUE(by_sas.url.ends_with("&sv=1&sig=HIDDEN%3D")) << by_sas.url;
  EXPECT_EQ(by_sas.secrets, std::vector<std::string>{"HIDDEN%3D"});
}

TEST_F(TokensTest, GooglesUserCredentialsAreExchangedAndKept) {
  environment_ = {{"GOOGLE_APPLICATION_CREDENTIALS",
                   Write("user.json", R"({"type":"authorized_user","client_id":"c","client_secret":"S","refresh_token":"R"})")}};
  cloud_.transport.Add(200, kToken);
  cloud_.transport.Add(200, R"({"items":[{"name":"t/log/a","size":"5","generation":"17","updated":"2024-01-02T03:04:05.678Z"}]})");
  cloud_.transport.Add(401);
  cloud_.transport.Add(200, R"({"access_token":"TOKEN2","expires_in":3600})");
  cloud_.transport.Add(200, "{}");
  auto dialect = MakeGcsDialect("lake", cloud_.context(), lookup());
  ASSERT_TRUE(dialect);
  CloudObjectStore store(cloud_.context(), std::move(*dialect), "t", "gs://lake/t");
  const auto listed = store.List("log", "");
  ASSERT_TRUE(listed) << listed.error().ToString();
  ASSERT_EQ(listed->size(), 1u);
  EXPECT_EQ((*listed)[0].etag, "17");
  EXPECT_EQ((*listed)[0].modified_ms, 1'704'164'645'678);
  EXPECT_EQ(request(0).url, "https://oauth2.googleapis.com/token");
  EXPECT_EQ(fakes::HeaderOf(request(1), "Authorization"), "Bearer TOKEN1");
  // A token that is refused is exchanged for another one, once it is not quite new.
  cloud_.clock.now_ms += 60'000;
  EXPECT_TRUE(store.List("log", ""));
  EXPECT_EQ(fakes::HeaderOf(cloud_.transport.requests.back(), "Authorization"), "Bearer TOKEN2");
}

TEST_F(TokensTest, GooglesMachineHandsOutItsToken) {
  cloud_.transport.Add(200, kToken);
  const auto token = MakeGoogleMachineToken(cloud_.context(), lookup())->Fetch();
  ASSERT_TRUE(token && token->has_value());
  EXPECT_EQ(request(0).url, "http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/token");
  EXPECT_EQ(fakes::HeaderOf(request(0), "Metadata-Flavor"), "Google");
  cloud_.transport.Add(404);
  EXPECT_FALSE(MakeGoogleMachineToken(cloud_.context(), lookup())->Fetch());
}

}  // namespace
}  // namespace levee::objectstore
