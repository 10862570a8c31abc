// S3 over scripted answers: what is asked, what is understood, what is learnt.
#include "objectstore/http/s3/s3_dialect.h"

#include <gtest/gtest.h>

#include <map>

#include "objectstore/http/cloud_object_store.h"
#include "tests/fakes/scripted_transport.h"

namespace levee::objectstore {
namespace {

class S3Test : public testing::Test {
 protected:
  std::unique_ptr<ObjectStore> Open() {
    const settings::EnvironmentLookup lookup = [this](const std::string& name) -> std::optional<std::string> {
      const auto found = environment_.find(name);
      return found == environment_.end() ? std::nullopt : std::optional(found->second);
    };
    auto location = ReadS3Location("lake", lookup);
    EXPECT_TRUE(location) << location.error().ToString();
    return std::make_unique<CloudObjectStore>(cloud_.context(), MakeS3Dialect(*location, cloud_.context(), lookup), "t",
                                              "s3://lake/t");
  }
  const HttpRequest& request(std::size_t number) { return cloud_.transport.requests.at(number); }

  std::map<std::string, std::string> environment_{{"AWS_ACCESS_KEY_ID", "ID"}, {"AWS_SECRET_ACCESS_KEY", "SECRET"}};
  fakes::ScriptedCloud cloud_;
};

constexpr char kFirstPage[] =
    "<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>a+b=</NextContinuationToken>"
    "<Contents><Key>t/log/</Key><Size>0</Size><ETag>x</ETag></Contents>"
    "<Contents><Key>t/log/a&amp;b</Key><LastModified>2024-01-02T03:04:05.678Z</LastModified><ETag>&quot;e1&quot;</ETag>"
    "<Size>12</Size></Contents><CommonPrefixes><Prefix>t/log/sub/</Prefix></CommonPrefixes></ListBucketResult>";
constexpr char kLastPage[] =
    "<ListBucketResult><IsTruncated>false</IsTruncated>"
    "<Contents><Key>t/log/c</Key><Size>1</Size><ETag>\"e2\"</ETag></Contents></ListBucketResult>";

TEST_F(S3Test, ListsPageByPage) {
  cloud_.transport.Add(200, kFirstPage);
  cloud_.transport.Add(200, kLastPage);
  const auto listed = Open()->List("log", "a");
  ASSERT_TRUE(listed) << listed.error().ToString();
  ASSERT_EQ(listed->size(), 2u);
  EXPECT_EQ((*listed)[0].name, "a&b");
  EXPECT_EQ((*listed)[0].size_bytes, 12u);
  EXPECT_EQ((*listed)[0].modified_ms, 1'704'164'645'678);
  EXPECT_EQ((*listed)[0].etag, "e1");
  EXPECT_EQ((*listed)[1].name, "c");
  EXPECT_EQ(request(0).url, "https://lake.s3.us-east-1.amazonaws.com/?delimiter=%2F&list-type=2&prefix=t%2Flog%2F"
                            "&start-after=t%2Flog%2Fa");
  EXPECT_NE(request(1).url.find("continuation-token=a%2Bb%3D"), std::string::npos);
}

TEST_F(S3Test, APageIsOneRequest) {
  cloud_.transport.Add(200, kFirstPage);
  const auto page = Open()->ListPage("log", "");
  ASSERT_TRUE(page);
  EXPECT_FALSE(page->complete);
  EXPECT_EQ(cloud_.transport.requests.size(), 1u);
}

TEST_F(S3Test, AListThatIsNoneIsAnError) {
  for (const char* const body : {"", "<html>", "<Other/>", "<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>"}) {
    cloud_.transport.Add(200, body);
    const auto listed = Open()->List("log", "");
    ASSERT_FALSE(listed) << body;
    EXPECT_EQ(listed.error().code, ErrorCode::kIo);
  }
}

TEST_F(S3Test, TheBucketsRegionIsLearntFromTheServer) {
  cloud_.transport.Add(301, "", {{.name = "x-amz-bucket-region", .value = "eu-west-3"}});
  cloud_.transport.Add(200, kLastPage);
  ASSERT_TRUE(Open()->List("log", ""));
  EXPECT_TRUE(request(1).url.starts_with("https://lake.s3.eu-west-3.amazonaws.com/"));
  EXPECT_NE(fakes::HeaderOf(request(1), "Authorization").find("/eu-west-3/s3/"), std::string::npos);
}

TEST_F(S3Test, ARegionThatIsGivenIsNotExchanged) {
  environment_["AWS_REGION"] = "us-west-2";
  cloud_.transport.Add(301, "<Error><Code>PermanentRedirect</Code></Error>",
                       {{.name = "x-amz-bucket-region", .value = "eu-west-3"}});
  const auto listed = Open()->List("log", "");
  ASSERT_FALSE(listed);
  EXPECT_EQ(listed.error().hint, "the bucket is in eu-west-3: set AWS_REGION to that");
}

TEST_F(S3Test, WhereTheBucketStands) {
  environment_["AWS_ENDPOINT_URL"] = "https://minio.example:9000/";
  cloud_.transport.Add(404);
  EXPECT_FALSE(Open()->Stat("a b/c")->has_value());
  EXPECT_EQ(request(0).url, "https://minio.example:9000/lake/t/a%20b/c");
  environment_["AWS_VIRTUAL_HOSTED_STYLE_REQUEST"] = "true";
  cloud_.transport.Add(404);
  EXPECT_FALSE(Open()->Stat("c")->has_value());
  EXPECT_EQ(request(1).url, "https://lake.minio.example:9000/t/c");
}

TEST_F(S3Test, AnObjectIsReadAndDescribed) {
  cloud_.transport.Add(200, "", {{.name = "content-length", .value = "7"},
                                 {.name = "last-modified", .value = "Sun, 06 Nov 1994 08:49:37 GMT"},
                                 {.name = "etag", .value = "\"e\""}});
  const auto there = Open()->Stat("x/c");
  ASSERT_TRUE(there && there->has_value());
  EXPECT_EQ((*there)->name, "c");
  EXPECT_EQ((*there)->size_bytes, 7u);
  EXPECT_EQ((*there)->etag, "e");
  EXPECT_EQ((*there)->modified_ms, 784'111'777'000);
  cloud_.transport.Add(206, "abc");
  EXPECT_EQ(*Open()->ReadRange("c", 5, 3), "abc");
  EXPECT_EQ(fakes::HeaderOf(request(1), "Range"), "bytes=5-7");
  cloud_.transport.Add(200, "abc");
  EXPECT_EQ(Open()->ReadRange("c", 5, 3).error().code, ErrorCode::kUnsupported);
  cloud_.transport.Add(206, "ab");
  EXPECT_EQ(Open()->ReadRange("c", 5, 3).error().code, ErrorCode::kOutOfRange);
}

TEST_F(S3Test, APutKnowsItsOwnObject) {
  cloud_.transport.Add(500);
  cloud_.transport.Add(412);
  cloud_.transport.Add(200);  // without a token: somebody else's
  EXPECT_EQ(*Open()->PutIfAbsent("c", "x"), PutOutcome::kAlreadyThere);
  const std::string token = fakes::HeaderOf(request(0), "x-amz-meta-levee-writer");
  EXPECT_EQ(token.size(), 32u);
  EXPECT_EQ(fakes::HeaderOf(request(1), "x-amz-meta-levee-writer"), token);
  EXPECT_EQ(fakes::HeaderOf(request(0), "If-None-Match"), "*");
  EXPECT_EQ(request(2).method, HttpMethod::kHead);
}

TEST_F(S3Test, AConflictOfWritersIsTriedAgain) {
  cloud_.transport.Add(409, "<Error><Code>ConditionalRequestConflict</Code></Error>");
  cloud_.transport.Add(200);
  EXPECT_EQ(*Open()->PutIfAbsent("c", "x"), PutOutcome::kWritten);
  for (int i = 0; i < 8; ++i) cloud_.transport.Add(409);
  EXPECT_FALSE(Open()->PutIfAbsent("c", "x"));
  cloud_.transport.Add(403, "<Error><Code>AccessDenied</Code><Message>no\nsecond line</Message></Error>");
  const auto refused = Open()->PutIfAbsent("c", "x");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().why, "the server answered 403 AccessDenied: no");
}

TEST_F(S3Test, NothingIsSignedWhereThatIsAskedFor) {
  environment_ = {{"AWS_SKIP_SIGNATURE", "true"}};
  cloud_.transport.Add(200, kLastPage);
  ASSERT_TRUE(Open()->List("log", ""));
  EXPECT_EQ(fakes::HeaderOf(request(0), "Authorization"), "");
}

TEST_F(S3Test, WrongVariablesAreRefusedByName) {
  for (const auto& [name, value] : std::map<std::string, std::string>{{"AWS_ENDPOINT_URL", "ftp://x"},
                                                                      {"AWS_ENDPOINT_URL_S3", "http://user:pw@host"},
                                                                      {"AWS_ALLOW_HTTP", "maybe"},
                                                                      {"AWS_SKIP_SIGNATURE", "2"}}) {
    const auto location = ReadS3Location("lake", [&, key = name, text = value](const std::string& asked) {
      return asked == key ? std::optional(text) : std::nullopt;
    });
    ASSERT_FALSE(location) << name;
    EXPECT_EQ(location.error().what, name);
    EXPECT_EQ(location.error().ToString().find("pw"), std::string::npos);
  }
  EXPECT_FALSE(ReadS3Location("key:secret@lake", [](const std::string&) { return std::nullopt; }));
}

}  // namespace
}  // namespace levee::objectstore
