#include "base/status.h"
#include "server/mcp/tools/all_tools.h"
#include "server/mcp/tools/item_schema.h"
#include "server/mcp/tools/page.h"

namespace levee::mcp {
namespace {

Result<std::string> Run(ToolCall& call) {
  Question question = ReadQuestion(call.arguments);
  std::optional<std::int64_t> typos;
  bool all_words = false;
  call.arguments.Read("words", question.query.words);
  call.arguments.Read("allWords", all_words);
  call.arguments.Read("typos", typos);
  if (question.query.words.empty()) call.arguments.Refuse("words", "they must be given");
  if (typos && (*typos < 0 || *typos > 2)) call.arguments.Refuse("typos", "0 to 2");
  LEVEE_RETURN_IF_ERROR(call.arguments.Done());
  question.query.any_word = !all_words;
  if (typos) question.query.typos = static_cast<int>(*typos);
  return PageJson(call, question);
}

}  // namespace

Tool SearchTool() {
  return {
      .name = "memory_search",
      .title = "Search by words",
      .description =
          "Items by words, best first: late orders, \"a phrase\", pre*, +must -not, AND OR NOT, word~1, tags:word. "
          "Typing errors are borne. Conditions as in memory_query narrow it down.",
      .input_schema =
          R"({"type":"object","required":["words"],"properties":{"words":{"type":"string","minLength":1},)"
          R"("allWords":{"type":"boolean","default":false,"description":"all words must be there, not just one"},)"
          R"("typos":{"type":["integer","null"],"minimum":0,"maximum":2},)" LEVEE_MCP_CONDITIONS
          R"(},"additionalProperties":false})",
      .output_schema = LEVEE_MCP_PAGE,
      .read_only = true,
      .run = Run,
  };
}

}  // namespace levee::mcp
