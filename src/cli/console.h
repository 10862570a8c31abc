// Standard error: notes, errors, the progress bar.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "catalog/catalog.h"
#include "output/record.h"

namespace levee::cli {

// What standard output and standard error are connected to.
struct Terminals {
  output::TableLook table_look;  // of standard output
  bool output = false;           // standard output is a terminal
  bool redraws = false;          // ... on which lines can be drawn over
  bool progress = false;         // standard error is one
  bool colour = false;           // colours are wanted on standard error

  // Asks the operating system and the environment (NO_COLOR, TERM).
  static Terminals Detect();
};

// Of standard output, now: terminals are resized. 80 by 24 where it does not say.
struct TerminalSize {
  std::size_t width = 80, height = 24;
};
TerminalSize OutputSize();

// Not thread-safe; the catalog calls back from one thread at a time.
class Console {
 public:
  Console(const Terminals& terminals, Clock& clock) : terminals_(terminals), clock_(clock) {}
  ~Console() { EndProgress(); }
  Console(const Console&) = delete;
  Console& operator=(const Console&) = delete;

  // One line, `levee: NOTE`.
  void Note(std::string_view note);
  // One line, `levee: WHAT: WHY (what to do)`.
  void PrintError(const Error& error);
  // Draws the bar, at most ten times a second; nothing when standard error is no terminal.
  void Progress(const catalog::Progress& progress);
  // Wipes the bar away.
  void EndProgress();

  const Terminals& terminals() const { return terminals_; }
  // Notes and errors written so far.
  std::int64_t lines() const { return lines_; }

 private:
  void Write(std::string_view text);

  const Terminals terminals_;
  Clock& clock_;
  std::string step_;
  std::int64_t step_began_ns_ = 0;
  std::int64_t drawn_ns_ = 0;
  bool bar_shown_ = false;
  std::int64_t lines_ = 0;
};

// The text of a bar: "reading checkpoint [####    ] 45 %  450,000 of 1,000,000 files  210,000/s  3 s left".
std::string ProgressText(const catalog::Progress& progress, std::int64_t elapsed_ns);

}  // namespace levee::cli
