#include "delta/action_parser.h"

#include <simdjson.h>

#include <new>

#include "base/cancellation.h"
#include "delta/file_action_json.h"
#include "delta/json_text.h"

namespace levee::delta {
namespace {

// A parser that met a giant line would keep its buffers for good.
constexpr std::size_t kKeptCapacityBytes = 16u << 20;
// Of actions with much to say, a few milliseconds.
constexpr std::size_t kLinesBetweenLooks = 256;

std::unexpected<Error> BadLine(std::size_t line, std::string_view why) {
  return Fail(ErrorCode::kCorrupt, "line " + std::to_string(line), std::string(why));
}

// Of simdjson's "DEPTH_ERROR: The JSON document was too deep": "it is no valid JSON: the JSON document was too deep".
std::string NoJson(std::string_view message) {
  if (const std::size_t code = message.find(": "); code != std::string_view::npos) message.remove_prefix(code + 2);
  std::string why(message.substr(0, message.find(".  ")));  // "  This is a fatal and unrecoverable error."
  if (why.starts_with("The ")) why[0] = 't';
  return "it is no valid JSON: " + why;
}

bool IsBlank(std::string_view line) { return line.find_first_not_of(" \t\r") == std::string_view::npos; }

class LineParser {
 public:
  LineParser(CommitContent& content, std::vector<SidecarAction>* sidecars)
      : content_(content), sidecars_(sidecars) {}

  // At least simdjson::SIMDJSON_PADDING bytes after the line are readable.
  Status Parse(std::string_view line, std::size_t number) {
    simdjson::dom::element document;
    static thread_local simdjson::dom::parser parser;
    const auto error = parser.parse(line.data(), line.size(), false).get(document);
    // simdjson tells by a code what the rest of the engine throws; the line is not to blame.
    if (error == simdjson::MEMALLOC) throw std::bad_alloc();
    if (error != simdjson::SUCCESS) return BadLine(number, NoJson(simdjson::error_message(error)));
    simdjson::dom::object actions;
    if (document.get(actions) != simdjson::SUCCESS) return BadLine(number, "it is no JSON object");
    for (const simdjson::dom::key_value_pair action : actions) {
      if (Status parsed = Take(action, line); !parsed) return BadLine(number, parsed.error().ToString());
    }
    if (parser.capacity() > kKeptCapacityBytes) parser = simdjson::dom::parser();
    return {};
  }

 private:
  Status Take(const simdjson::dom::key_value_pair& action, std::string_view line) {
    if (action.value.is_null()) return {};
    if (action.key == "add") {
      LEVEE_ASSIGN(AddAction add, ParseAdd(action.value, line));
      content_.adds.push_back(std::move(add));
    } else if (action.key == "remove") {
      LEVEE_ASSIGN(RemoveAction remove, ParseRemove(action.value, line));
      content_.removes.push_back(std::move(remove));
    } else if (action.key == "protocol") {
      return TakeState(StateKind::kProtocol, action.key, line);
    } else if (action.key == "metaData") {
      return TakeState(StateKind::kMetadata, action.key, line);
    } else if (action.key == "txn") {
      return TakeState(StateKind::kTransaction, action.key, line);
    } else if (action.key == "domainMetadata") {
      return TakeState(StateKind::kDomainMetadata, action.key, line);
    } else if (action.key == "commitInfo") {
      content_.commit_info_json = BodyOf(action.key, line);
      std::int64_t timestamp_ms = 0;
      if (action.value["inCommitTimestamp"].get(timestamp_ms) == simdjson::SUCCESS) {
        content_.in_commit_timestamp_ms = timestamp_ms;
      }
    } else if (action.key == "sidecar" && sidecars_ != nullptr) {
      return TakeSidecar(action.value);
    }
    return {};
  }

  // The body as the log spells it: the DOM keeps values only.
  static std::string BodyOf(std::string_view action, std::string_view line) {
    const auto members = JsonObjectMembers(line);
    for (std::size_t i = 0; members && i < members->size(); ++i) {
      if ((*members)[i].key == action) return std::string((*members)[i].value);
    }
    return {};
  }

  Status TakeState(StateKind kind, std::string_view action, std::string_view line) {
    StateAction state{kind, {}, BodyOf(action, line)};
    LEVEE_ASSIGN(state.key, StateKey(kind, state.json));
    content_.state.push_back(std::move(state));
    return {};
  }

  Status TakeSidecar(const simdjson::dom::element& body) {
    std::string_view path;
    if (body["path"].get(path) != simdjson::SUCCESS) {
      return Fail(ErrorCode::kCorrupt, "sidecar action", "path is missing");
    }
    std::int64_t size = 0;
    if (body["sizeInBytes"].get(size) != simdjson::SUCCESS) size = 0;
    sidecars_->push_back({std::string(path), size});
    return {};
  }

  CommitContent& content_;
  std::vector<SidecarAction>* sidecars_;
};

}  // namespace

Result<std::string> StateKey(StateKind kind, std::string_view body_json) {
  const auto members = JsonObjectMembers(body_json);
  if (!members) return Fail(ErrorCode::kCorrupt, "action", "its body is no JSON object");
  if (kind == StateKind::kProtocol || kind == StateKind::kMetadata) return std::string();
  const std::string_view wanted = kind == StateKind::kTransaction ? "appId" : "domain";
  for (const JsonMember& member : *members) {
    if (member.key != wanted) continue;
    if (auto key = JsonString(member.value)) return std::move(*key);
  }
  return Fail(ErrorCode::kCorrupt, kind == StateKind::kTransaction ? "txn action" : "domainMetadata action",
              std::string(wanted) + " is missing");
}

Status ParseActions(std::string text, CommitContent& content, std::vector<SidecarAction>* sidecars) {
  const std::size_t size = text.size();
  text.reserve(size + simdjson::SIMDJSON_PADDING);
  const std::string_view whole = text;
  LineParser parser(content, sidecars);
  std::size_t number = 1;
  for (std::size_t begin = 0; begin < size; ++number) {
    const std::size_t end = std::min(whole.find('\n', begin), size);
    std::string_view line = whole.substr(begin, end - begin);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (number % kLinesBetweenLooks == 0) LEVEE_RETURN_IF_ERROR(CheckCancelled());
    if (!IsBlank(line)) LEVEE_RETURN_IF_ERROR(parser.Parse(line, number));
    begin = end + 1;
  }
  return {};
}

}  // namespace levee::delta
