// Answers many questions in one process, twice, so that whatever is kept of the first time answers the second.
//
//   answer_questions STORE TABLE QUESTIONS [COMMIT LOG_FOLDER]
//
// Each line of QUESTIONS is `VERSION LIMIT WHERE` with tabs between them, -1 for the newest and for no limit. Settings come from
// the environment. COMMIT is moved to LOG_FOLDER between both times. Prints a line for each question, the second time after
// the first: the count, then the paths, with tabs between them; or `error:` and its text.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "engine/engine.h"

namespace {

namespace fs = std::filesystem;
using levee::catalog::Catalog;

struct Question {
  levee::catalog::VersionChoice choice;
  levee::catalog::FilesRequest request;
};

std::vector<Question> ReadQuestions(const char* path) {
  std::vector<Question> questions;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    const std::size_t first = line.find('\t'), second = line.find('\t', first + 1);
    Question question;
    const long long version = std::stoll(line), limit = std::stoll(line.substr(first + 1));
    if (version >= 0) question.choice.version = version;
    if (limit >= 0) question.request.limit = limit;
    question.request.where = line.substr(second + 1);
    question.request.columns = {levee::columnar::PlainKey(levee::columnar::ColumnRole::kPath)};
    questions.push_back(std::move(question));
  }
  return questions;
}

levee::Result<std::string> Answer(Catalog& catalog, const std::string& table, const Question& question) {
  LEVEE_ASSIGN(const auto view, catalog.Open(table, question.choice));
  LEVEE_ASSIGN(const std::int64_t count, view->Count(question.request, nullptr));
  std::string line = std::to_string(count);
  LEVEE_ASSIGN(const auto stream, view->Files(question.request, nullptr));
  for (;;) {
    LEVEE_ASSIGN(const auto batch, stream->Next());
    if (batch == nullptr) return line;
    const auto& paths = batch->columns[0].values;
    for (std::size_t row = 0; row < batch->rows; ++row) line.append(1, '\t').append(paths.strings[row]);
  }
}

void AnswerAll(Catalog& catalog, const std::string& table, const std::vector<Question>& questions) {
  for (const Question& question : questions) {
    const auto line = Answer(catalog, table, question);
    std::puts(line ? line->c_str() : ("error: " + line.error().ToString()).c_str());
  }
}

levee::Result<levee::engine::EngineOptions> OptionsOf(const char* store) {
  LEVEE_ASSIGN(const auto settings, levee::settings::Settings::Load(
                                        {.flags = {{"store", store}}, .environment = levee::settings::ProcessEnvironment}));
  levee::engine::TakeUpSettings(settings);
  return levee::engine::OptionsFromSettings(settings);
}

int Run(int argc, char** argv) {
  const auto stop = [](const std::string& text) {
    std::fprintf(stderr, "answer_questions: %s\n", text.c_str());
    return 1;
  };
  auto options = OptionsOf(argv[1]);
  if (!options) return stop(options.error().ToString());
  const auto engine = levee::engine::Engine::Open(*std::move(options));
  if (!engine) return stop(engine.error().ToString());
  const std::vector<Question> questions = ReadQuestions(argv[3]);
  AnswerAll((*engine)->catalog(), argv[2], questions);
  if (argc == 6) {
    std::error_code error;
    fs::rename(argv[4], fs::path(argv[5]) / fs::path(argv[4]).filename(), error);
    if (error) return stop(error.message());
  }
  AnswerAll((*engine)->catalog(), argv[2], questions);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4 && argc != 6) {
    std::fprintf(stderr, "usage: answer_questions STORE TABLE QUESTIONS [COMMIT LOG_FOLDER]\n");
    return 64;
  }
  return Run(argc, argv);
}
