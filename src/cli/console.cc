#include "cli/console.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <sys/ioctl.h>
#include <unistd.h>

#include "output/human_text.h"

namespace levee::cli {
namespace {

constexpr std::int64_t kRedrawNs = 100'000'000;
constexpr int kBarWidth = 24;

// A terminal that knows no escape sequences.
bool IsDumb() {
  const char* term = std::getenv("TERM");
  return term != nullptr && std::string_view(term) == "dumb";
}

bool NoColour() {
  const char* no_color = std::getenv("NO_COLOR");
  return (no_color != nullptr && *no_color != '\0') || IsDumb();
}

TerminalSize SizeOf(int descriptor) {
  winsize size{};
  TerminalSize found;
  if (::ioctl(descriptor, TIOCGWINSZ, &size) != 0) return found;
  if (size.ws_col > 0) found.width = size.ws_col;
  if (size.ws_row > 0) found.height = size.ws_row;
  return found;
}

// Keeps a message on one line, whatever a file name or a database put into it.
std::string OneLine(std::string_view text) {
  std::string line = "levee: ";
  line += output::Printable(text);
  line += '\n';
  return line;
}

}  // namespace

TerminalSize OutputSize() { return SizeOf(STDOUT_FILENO); }

Terminals Terminals::Detect() {
  Terminals terminals;
  const bool colour = !NoColour();
  terminals.output = ::isatty(STDOUT_FILENO) != 0;
  if (terminals.output) {
    terminals.table_look = {.width = SizeOf(STDOUT_FILENO).width, .colour = colour};
    terminals.redraws = !IsDumb();
  }
  terminals.progress = ::isatty(STDERR_FILENO) != 0;
  terminals.colour = terminals.progress && colour;
  return terminals;
}

void Console::Note(std::string_view note) {
  EndProgress();
  ++lines_;
  Write(OneLine(note));
}

void Console::PrintError(const Error& error) {
  EndProgress();
  ++lines_;
  std::string line = OneLine(error.ToString());
  if (terminals_.colour) line.replace(0, 6, "\x1b[31mlevee:\x1b[0m");
  Write(line);
}

void Console::Progress(const catalog::Progress& progress) {
  if (!terminals_.progress) return;
  const std::int64_t now_ns = clock_.MonotonicNanos();
  if (progress.step != step_) {
    step_ = progress.step;
    step_began_ns_ = now_ns;
  } else if (now_ns - drawn_ns_ < kRedrawNs) {
    return;
  }
  drawn_ns_ = now_ns;
  bar_shown_ = true;
  std::string text = ProgressText(progress, now_ns - step_began_ns_);
  text = output::Shortened(text, SizeOf(STDERR_FILENO).width - 1);
  Write("\r\x1b[K" + text);
}

void Console::EndProgress() {
  if (!bar_shown_) return;
  bar_shown_ = false;
  Write("\r\x1b[K");
}

void Console::Write(std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(STDERR_FILENO, text.data(), text.size());
    // There is nowhere left to say that standard error is gone.
    if (count < 0 && errno != EINTR) return;
    if (count > 0) text.remove_prefix(static_cast<std::size_t>(count));
  }
}

std::string ProgressText(const catalog::Progress& progress, std::int64_t elapsed_ns) {
  std::string text(progress.step);
  const std::string done = output::GroupedNumber(progress.done);
  if (progress.total > 0) {
    const double part = std::clamp(static_cast<double>(progress.done) / static_cast<double>(progress.total), 0.0, 1.0);
    const int filled = static_cast<int>(part * kBarWidth);
    text += " [" + std::string(filled, '#') + std::string(kBarWidth - filled, ' ') + "] " +
            std::to_string(static_cast<int>(part * 100)) + " %  " + done + " of " +
            output::GroupedNumber(progress.total);
  } else {
    text += "  " + done;
  }
  text += ' ';
  text += progress.unit;
  if (elapsed_ns < kRedrawNs || progress.done <= 0) return text;
  const double per_second = static_cast<double>(progress.done) * 1e9 / static_cast<double>(elapsed_ns);
  text += "  " + output::GroupedNumber(static_cast<std::int64_t>(per_second)) + "/s";
  if (progress.total > progress.done) {
    const double left_s = static_cast<double>(progress.total - progress.done) / per_second;
    text += "  " + output::HumanDuration((static_cast<std::int64_t>(left_s) + 1) * 1'000'000'000) + " left";
  }
  return text;
}

}  // namespace levee::cli
