#include "server/mcp/serve.h"

#include <pthread.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <new>
#include <thread>

#include "base/status.h"
#include "server/mcp/inbox.h"
#include "server/mcp/line_source.h"
#include "server/mcp/protocol.h"
#include "server/mcp/session.h"

namespace levee::mcp {
namespace {

// Writes lines; after the first failure none. One thread.
class LineSink {
 public:
  explicit LineSink(int descriptor) : descriptor_(descriptor) {}

  void Write(std::string line) {
    line += '\n';
    for (std::size_t at = 0; status_ && at < line.size();) {
      const ssize_t written = ::write(descriptor_, line.data() + at, line.size() - at);
      if (written >= 0) {
        at += static_cast<std::size_t>(written);
      } else if (errno != EINTR) {
        status_ = Fail(ErrorCode::kIo, "standard output", std::strerror(errno));
      }
    }
  }
  const Status& status() const { return status_; }

 private:
  int descriptor_;
  Status status_;
};

// A reader that has gone is an error of write, not the process's end.
void HoldBrokenPipes() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

// The id that `notifications/cancelled` names, as JSON; empty: the message is none.
std::string_view CancelledId(const Incoming& incoming) {
  if (!incoming.message || incoming.message->method != "notifications/cancelled" || !incoming.message->params) return {};
  const auto id = incoming.message->params->Member("requestId");
  return id ? id->text() : std::string_view();
}

// One message; memory that is not there costs an answer, not the server.
void AnswerOne(Session& session, LineSink& sink, const Letter& letter) {
  try {
    if (const std::string_view id = CancelledId(letter.incoming); !id.empty()) session.Cancel(id);
    session.Answer(letter.incoming, letter.cancelled);
  } catch (const std::bad_alloc&) {
    sink.Write(ErrorLine(letter.incoming.id, {kInternalError, "There is not enough memory for that", {}}));
  }
}

void Work(MemoryBank& bank, const ServeOptions& options, Inbox& inbox, LineSink& sink) {
  HoldBrokenPipes();
  Session session(bank, options, [&](const std::string& line) { sink.Write(line); });
  while (const auto letter = inbox.Take()) AnswerOne(session, sink, *letter);
  session.Close();
}

std::shared_ptr<Letter> Read(std::string line, bool too_long, std::size_t limit) {
  auto letter = std::make_shared<Letter>();
  letter->line = std::move(line);
  if (too_long) {
    letter->incoming.error =
        ProtocolError{kInvalidRequest, "A message may have at most " + std::to_string(limit) + " bytes", {}};
  } else {
    letter->incoming = ReadMessage(letter->line);
  }
  return letter;
}

}  // namespace

Status Serve(MemoryBank& bank, int in_descriptor, int out_descriptor, const ServeOptions& options) {
  Inbox inbox(2 * options.line_bytes);
  LineSink sink(out_descriptor);
  std::thread worker([&] { Work(bank, options, inbox, sink); });
  LineSource source(in_descriptor, options.line_bytes);
  Status status;
  for (std::string line;;) {
    const auto kind = source.Next(line);
    if (!kind) status = std::unexpected(kind.error());
    if (!kind || *kind == LineSource::Kind::kEnd) break;
    if (*kind == LineSource::Kind::kLine && line.find_first_not_of(" \t") == std::string::npos) continue;
    auto letter = Read(std::move(line), *kind == LineSource::Kind::kTooLong, options.line_bytes);
    // What is taken back may be waiting behind other work: it is marked at once.
    if (const std::string_view id = CancelledId(letter->incoming); !id.empty()) inbox.Cancel(id);
    inbox.Put(std::move(letter));
  }
  inbox.End();
  worker.join();
  return status ? sink.status() : status;
}

}  // namespace levee::mcp
