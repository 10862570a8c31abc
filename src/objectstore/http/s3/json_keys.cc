#include "objectstore/http/s3/json_keys.h"

#include "objectstore/http/http_time.h"
#include "objectstore/http/json_answer.h"

namespace levee::objectstore {

Result<AwsKeys> ReadJsonKeys(std::string_view body, const std::string& what) {
  const auto answer = ParseJsonAnswer(body);
  AwsKeys keys;
  if (answer) {
    keys = {.access_key_id = std::string(answer->Text("AccessKeyId")),
            .secret_access_key = std::string(answer->Text("SecretAccessKey")),
            .session_token = std::string(answer->Text("Token")),
            .expires_ms = ParseIsoTime(answer->Text("Expiration")).value_or(0)};
  }
  if (keys.access_key_id.empty() || keys.secret_access_key.empty()) {
    return Fail(ErrorCode::kCorrupt, what, "its answer holds no keys");
  }
  return keys;
}

}  // namespace levee::objectstore
