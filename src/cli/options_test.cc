#include "cli/options.h"

#include <gtest/gtest.h>

#include <map>

#include "cli/global_options.h"
#include "cli/registry.h"

namespace levee::cli {
namespace {

std::expected<ParsedLine, UsageError> Parse(std::vector<const char*> arguments) {
  return ParseLine(arguments, CommandSpecs(), GlobalOptionSpecs());
}

std::string WhyNot(std::vector<const char*> arguments) {
  const auto line = Parse(std::move(arguments));
  if (line) return "accepted";
  return line.error().what + ": " + line.error().why + " (" + line.error().hint + ')';
}

TEST(ParseLine, TakesOptionsBeforeAndAfterTheCommand) {
  const auto line = Parse({"--store", "s.db", "--format=ndjson", "files", "t", "--limit", "3", "--count"});
  ASSERT_TRUE(line);
  EXPECT_EQ(line->command->name, "files");
  EXPECT_EQ(line->Value("store"), "s.db");
  EXPECT_EQ(line->Value("format"), "ndjson");
  EXPECT_EQ(line->Value("limit"), "3");
  EXPECT_TRUE(line->Has("count"));
  EXPECT_EQ(line->Value("count"), std::nullopt);
  EXPECT_EQ(line->arguments, std::vector<std::string_view>{"t"});
}

TEST(ParseLine, TakesTheLastOfSeveralValues) {
  EXPECT_EQ(Parse({"files", "t", "--limit=1", "--limit", "2"})->Value("limit"), "2");
}

TEST(ParseLine, TakesAnOptionalValueByEqualsOnly) {
  const auto bare = Parse({"files", "--explain", "t"});
  ASSERT_TRUE(bare);
  EXPECT_TRUE(bare->Has("explain"));
  EXPECT_EQ(bare->Value("explain"), std::nullopt);
  EXPECT_EQ(bare->arguments.size(), 1u);
  EXPECT_EQ(Parse({"files", "t", "--explain=json"})->Value("explain"), "json");
}

TEST(ParseLine, TakesAnyTextAsAValue) {
  EXPECT_EQ(Parse({"files", "t", "--where", "--x"})->Value("where"), "--x");
  EXPECT_EQ(Parse({"files", "t", "--where="})->Value("where"), "");
  EXPECT_EQ(Parse({"files", "t", "--where=a=b"})->Value("where"), "a=b");
}

TEST(ParseLine, EndsOptionsAtTwoDashes) {
  EXPECT_EQ(Parse({"files", "--", "--odd-name"})->arguments, std::vector<std::string_view>{"--odd-name"});
}

TEST(ParseLine, TellsTheProgramsVersionFromATables) {
  EXPECT_TRUE(Parse({"--version"})->program_version);
  const auto table = Parse({"files", "t", "--version", "3"});
  EXPECT_FALSE(table->program_version);
  EXPECT_EQ(table->Value("version"), "3");
  EXPECT_EQ(Parse({"--version", "3", "files", "t"})->Value("version"), "3");
  EXPECT_EQ(Parse({"--version=3", "files", "t"})->Value("version"), "3");
}

TEST(ParseLine, GivesHelpWithoutArguments) {
  for (const auto& arguments : {std::vector<const char*>{"files", "--help"}, {"--help", "files"}, {"files", "-h"}}) {
    const auto line = Parse(arguments);
    ASSERT_TRUE(line);
    EXPECT_TRUE(line->help);
    EXPECT_EQ(line->command->name, "files");
  }
}

TEST(ParseLine, RefusesWrongUsage) {
  EXPECT_EQ(WhyNot({"fils", "t"}), "command 'fils': there is no such command (did you mean files?)");
  EXPECT_EQ(WhyNot({"files", "t", "--limt", "3"}),
            "option --limt: levee files has no such option (did you mean --limit?)");
  EXPECT_EQ(WhyNot({"files", "t", "--limit"}), "option --limit: its value is missing (--limit FILES)");
  EXPECT_EQ(WhyNot({"files", "t", "--count=3"}), "option --count: takes no value (leave '=3' out)");
  EXPECT_EQ(WhyNot({"files"}), "command files: an argument is missing (levee files TABLE...)");
  EXPECT_EQ(WhyNot({"show", "a", "b"}), "command show: too many arguments, from 'b' on (levee show TABLE)");
  EXPECT_EQ(WhyNot({"files", "t", "-x"}), "option -x: levee files has no such option (levee files --help lists them)");
  // An option of another command, before and after this one.
  EXPECT_EQ(WhyNot({"--rows", "3", "show", "t"}),
            "option --rows: levee show has no such option (levee show --help lists them)");
  EXPECT_EQ(WhyNot({"show", "t", "--rows", "3"}),
            "option --rows: levee show has no such option (levee show --help lists them)");
}

TEST(ParseLine, LeavesLaterCommandsUnparsed) {
  const auto line = Parse({"serve", "put", "--namespace", "n"});
  ASSERT_TRUE(line);
  EXPECT_EQ(line->command->name, "serve");
}

TEST(ParseLine, TakesNamesOfTwoWords) {
  const auto line = Parse({"memory", "put", "--namespace", "n", "hello"});
  ASSERT_TRUE(line);
  EXPECT_EQ(line->command->name, "memory put");
  EXPECT_EQ(line->arguments, std::vector<std::string_view>{"hello"});
  EXPECT_EQ(WhyNot({"memory"}), "command memory: what it is to do is missing (levee memory --help lists what it can)");
  EXPECT_EQ(WhyNot({"memory", "ptu"}), "command 'memory ptu': there is no such command (did you mean put?)");
  const auto help = Parse({"memory", "--help"});
  ASSERT_TRUE(help);
  EXPECT_EQ(help->family, "memory");
}

// An option before the command is parsed without knowing the command.
TEST(Registry, GivesAnOptionOneFormInEveryCommand) {
  std::map<std::string_view, OptionSpec::Takes> seen;
  for (const CommandSpec* command : CommandSpecs()) {
    for (const OptionSpec& option : command->options) {
      const auto [known, is_new] = seen.emplace(option.name, option.takes);
      EXPECT_EQ(known->second, option.takes) << option.name;
      for (const OptionSpec& global : GlobalOptionSpecs()) EXPECT_NE(global.name, option.name);
      EXPECT_FALSE(option.help.empty()) << option.name;
    }
  }
}

TEST(Registry, HasExamplesForEveryCommand) {
  for (const Command* command : Commands()) EXPECT_FALSE(command->spec.examples.empty()) << command->spec.name;
}

// What the examples of help show must parse.
TEST(Registry, HasExamplesThatParse) {
  for (const Command* command : Commands()) {
    for (const std::string_view example : command->spec.examples) {
      std::vector<std::string> words;
      bool quoted = false, begun = false;
      for (const char c : example.substr(0, example.find(" > "))) {
        if (c == '"') quoted = !quoted;
        if (c == ' ' && !quoted) {
          begun = false;
          continue;
        }
        if (!begun) words.emplace_back();
        begun = true;
        if (c != '"') words.back() += c;
      }
      std::vector<const char*> arguments;
      for (const std::string& word : words) arguments.push_back(word.c_str());
      arguments.erase(arguments.begin());
      EXPECT_EQ(WhyNot(arguments), "accepted") << example;
    }
  }
}

}  // namespace
}  // namespace levee::cli
