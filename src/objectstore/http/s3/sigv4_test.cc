// The hashes against the vectors of their standards, the signature against Amazon's own examples:
// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
#include "objectstore/http/s3/sigv4.h"

#include <gtest/gtest.h>

#include "base/hex.h"
#include "objectstore/http/http_time.h"
#include "objectstore/http/sha256.h"
#include "objectstore/http/url.h"

namespace levee::objectstore {
namespace {

std::string Hash(std::string_view text) { return HexOf(AsText(Sha256(text))); }
std::string Hmac(std::string_view key, std::string_view text) { return HexOf(AsText(HmacSha256(key, text))); }

TEST(Sha256Test, AnswersTheStandardsVectors) {
  EXPECT_EQ(Hash(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Hash("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Hash("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(Hash(std::string(1'000'000, 'a')), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(HmacSha256Test, AnswersRfc4231) {
  EXPECT_EQ(Hmac(std::string(20, '\x0b'), "Hi There"),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(Hmac("Jefe", "what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(Hmac(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First"),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(Base64Test, AnswersRfc4648) {
  const char* const texts[] = {"", "f", "fo", "foo", "foob", "fooba", "foobar"};
  const char* const encoded[] = {"", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"};
  for (int i = 0; i < 7; ++i) {
    EXPECT_EQ(Base64(texts[i]), encoded[i]);
    EXPECT_EQ(DecodeBase64(encoded[i]), texts[i]);
  }
  EXPECT_EQ(Base64Url("\xfb\xff"), "-_8");
  EXPECT_EQ(DecodeBase64("Zg="), std::nullopt);
  EXPECT_EQ(DecodeBase64("Z!=="), std::nullopt);
}

class SigV4Test : public testing::Test {
 protected:
  std::string Sign(HttpRequest request) {
    SignV4(request, keys_, {.region = "us-east-1", .service = "s3", .seconds = 1'369'353'600});
    const std::string header = request.headers.back().value;
    return header.substr(header.rfind('=') + 1);
  }
  const AwsKeys keys_{.access_key_id = "AKIAIOSFODNN7EXAMPLE",
                      .secret_access_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"};
  const std::string base_ = "https://examplebucket.s3.amazonaws.com";
};

TEST_F(SigV4Test, SignsAmazonsExamples) {
  EXPECT_EQ(Sign({.url = base_ + "/test.txt", .headers = {{.name = "Range", .value = "bytes=0-9"}}}),
            "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
  EXPECT_EQ(Sign({.method = HttpMethod::kPut,
                  .url = base_ + "/" + PercentEncodePath("test$file.text"),
                  .headers = {{.name = "Date", .value = "Fri, 24 May 2013 00:00:00 GMT"},
                              {.name = "x-amz-storage-class", .value = "REDUCED_REDUNDANCY"}},
                  .body = "Welcome to Amazon S3."}),
            "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
  EXPECT_EQ(Sign({.url = base_ + "/?lifecycle"}), "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
  EXPECT_EQ(Sign({.url = base_ + "/?" + QueryText({{"prefix", "J"}, {"max-keys", "2"}})}),
            "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
}

TEST_F(SigV4Test, ATokenIsSignedAndSecret) {
  HttpRequest request{.url = base_};
  AwsKeys keys = keys_;
  keys.session_token = "TOKEN";
  SignV4(request, keys, {.region = "us-east-1", .service = "s3", .seconds = 0});
  EXPECT_NE(request.headers.back().value.find("x-amz-security-token,"), std::string::npos);
  for (const HttpHeader& header : request.headers) {
    EXPECT_EQ(header.secret, header.name == "Authorization" || header.name == "x-amz-security-token") << header.name;
    EXPECT_EQ(header.value.find(keys.secret_access_key), std::string::npos);
  }
}

TEST(HttpTimeTest, ReadsAndWritesWhatServersDo) {
  EXPECT_EQ(ParseHttpDate("Sun, 06 Nov 1994 08:49:37 GMT"), 784'111'777'000);
  EXPECT_EQ(HttpDate(784'111'777), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(BasicIsoTime(1'369'353'600), "20130524T000000Z");
  EXPECT_EQ(ParseIsoTime("1994-11-06T08:49:37Z"), 784'111'777'000);
  EXPECT_EQ(ParseIsoTime("1994-11-06T08:49:37.25Z"), 784'111'777'250);
  EXPECT_EQ(ParseIsoTime("1994-11-06T09:49:37.5+01:00"), 784'111'777'500);
  for (const char* const wrong : {"", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun, 31 Feb 1994 08:49:37 GMT",
                                  "Sun, 06 Nov 1994 24:49:37 GMT"}) {
    EXPECT_EQ(ParseHttpDate(wrong), std::nullopt) << wrong;
  }
  for (const char* const wrong : {"", "1994-11-06 08:49:37Z", "1994-11-06T08:49:37", "1994-13-06T08:49:37Z"}) {
    EXPECT_EQ(ParseIsoTime(wrong), std::nullopt) << wrong;
  }
}

}  // namespace
}  // namespace levee::objectstore
