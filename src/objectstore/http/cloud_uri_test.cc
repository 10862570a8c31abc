// URIs and addresses: what is one, what is refused, and that no message repeats a password.
#include "objectstore/http/cloud_uri.h"

#include <gtest/gtest.h>

#include <map>

#include "objectstore/http/azure/azure_location.h"
#include "objectstore/http/json_answer.h"
#include "objectstore/http/open_cloud.h"
#include "objectstore/http/url.h"

namespace levee::objectstore {
namespace {

TEST(CloudUriTest, EverySpellingOfATableIsOne) {
  for (const auto& [given, canonical] : std::vector<std::pair<std::string, std::string>>{
           {"s3://b/t", "s3://b/t"},
           {"S3A://b/t/", "s3://b/t"},
           {"s3n://b", "s3://b"},
           {"s3://b/a%20b/c+d//", "s3://b/a%20b/c+d"},
           {"s3://b/a b", "s3://b/a%20b"},
           {"gs://b/%C3%A9", "gs://b/%C3%A9"},
           {"gcs://b/t", "gs://b/t"},
           {"abfss://c@a.dfs.core.windows.net/t/", "abfss://c@a.dfs.core.windows.net/t"},
           {"abfs://c@a.blob.core.windows.net/t", "abfss://c@a.dfs.core.windows.net/t"},
           {"wasbs://c@a.blob.core.windows.net/t", "abfss://c@a.dfs.core.windows.net/t"},
           {"az://c/t", "abfss://c/t"},
           {"azure://c/t", "abfss://c/t"}}) {
    const auto uri = CanonicalCloudUri(given);
    ASSERT_TRUE(uri) << given << ": " << uri.error().ToString();
    EXPECT_EQ(*uri, canonical);
    EXPECT_EQ(*CanonicalCloudUri(*uri), canonical);
  }
}

TEST(CloudUriTest, WhatIsNoneIsRefusedWithoutItsSecrets) {
  for (const char* const given : {"s3://", "s3:///t", "s3://b/../t", "s3://b/a//c", "s3://b/%zz", "s3://KEY:PASSWORD@b/t",
                                  "gs://KEY:PASSWORD@b/t", "abfss://c:PASSWORD@a.dfs.core.windows.net/t",
                                  "abfss://c@elsewhere/t", "abfss://@a.dfs.core.windows.net/t"}) {
    const auto uri = CanonicalCloudUri(given);
    ASSERT_FALSE(uri) << given;
    EXPECT_EQ(uri.error().code, ErrorCode::kInvalidArgument) << given;
    EXPECT_EQ(uri.error().ToString().find("PASSWORD"), std::string::npos) << uri.error().ToString();
  }
}

TEST(EndpointTest, TakesAddressesApart) {
  const auto endpoint = ParseEndpoint("https://host:9000/base/", "X", false, "Y");
  ASSERT_TRUE(endpoint);
  EXPECT_EQ(endpoint->authority, "host:9000");
  EXPECT_EQ(endpoint->path, "/base");
  EXPECT_EQ(endpoint->text(), "https://host:9000/base");
}

TEST(EndpointTest, PlainHttpIsForThisMachineAlone) {
  for (const char* const own : {"http://localhost:1", "http://127.0.0.1", "http://127.1.2.3:9", "http://[::1]:80"}) {
    EXPECT_TRUE(ParseEndpoint(own, "X", false, "Y")) << own;
  }
  for (const char* const other : {"http://host", "http://127.evil.example", "http://localhost.example:1", "http://10.0.0.1"}) {
    EXPECT_FALSE(ParseEndpoint(other, "X", false, "Y")) << other;
    EXPECT_TRUE(ParseEndpoint(other, "X", true, "Y")) << other;
  }
  for (const char* const wrong : {"", "host", "ftp://host", "https://", "https://u:pw@h", "https://h?x", "https://h#x", "https://h x"}) {
    EXPECT_FALSE(ParseEndpoint(wrong, "X", true, "Y")) << wrong;
  }
}

TEST(AzureLocationTest, FindsAccountAndServer) {
  const auto read = [](const std::string& uri, std::map<std::string, std::string> variables) {
    return ReadAzureLocation(*ParseCloudUri(uri), [variables](const std::string& name) -> std::optional<std::string> {
      const auto found = variables.find(name);
      return found == variables.end() ? std::nullopt : std::optional(found->second);
    });
  };
  EXPECT_EQ(read("abfss://c@acc.dfs.core.windows.net/t", {})->endpoint.text(), "https://acc.blob.core.windows.net");
  EXPECT_EQ(read("abfss://c@acc.dfs.core.chinacloudapi.cn/t", {})->endpoint.text(), "https://acc.blob.core.chinacloudapi.cn");
  EXPECT_EQ(read("az://c/t", {{"AZURE_STORAGE_ACCOUNT_NAME", "x"}})->endpoint.text(), "https://x.blob.core.windows.net");
  EXPECT_EQ(read("az://c/t", {{"AZURE_STORAGE_USE_EMULATOR", "1"}})->endpoint.text(), "http://127.0.0.1:10000/devstoreaccount1");
  EXPECT_FALSE(read("az://c/t", {}));
  EXPECT_FALSE(read("az://c/t", {{"AZURE_STORAGE_ACCOUNT_NAME", "x"}, {"AZURE_STORAGE_ENDPOINT", "http://other"}}));
}

TEST(JsonAnswerTest, ReadsWhatIsReadAndRefusesTheRest) {
  const auto answer = ParseJsonAnswer(R"({"a":"x\ny","n":12,"b":true,"z":null,"o":{"i":"1"},"l":[{"i":"2"},3,{"i":"4"}]})");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->Text("a"), "x\ny");
  EXPECT_EQ(answer->Text("n"), "12");
  EXPECT_EQ(answer->Text("b"), "true");
  EXPECT_EQ(answer->Text("z"), "");
  EXPECT_EQ(answer->objects.at("o").Text("i"), "1");
  ASSERT_EQ(answer->lists.at("l").size(), 2u);
  EXPECT_EQ(answer->lists.at("l")[1].Text("i"), "4");
  for (const char* const wrong : {"", "[]", "1", "{", R"({"a":})", "{\"SECRET\":\"\xFF\"}"}) {
    const auto refused = ParseJsonAnswer(wrong);
    ASSERT_FALSE(refused) << wrong;
    EXPECT_EQ(refused.error().ToString().find("SECRET"), std::string::npos);
  }
}

}  // namespace
}  // namespace levee::objectstore
