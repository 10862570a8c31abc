#include "explain/plan_picture.h"

#include <algorithm>
#include <cmath>

#include "output/human_text.h"

namespace levee::explain {
namespace {

using output::GroupedNumber;
using query::PlanReport;

// Of the drawing, in its units (pixels unless scaled).
constexpr int kWidth = 960, kMargin = 32, kCardHeight = 84, kGap = 28, kIndent = 36;
constexpr int kWayHeight = 22, kWayGap = 8;
constexpr int kBarWidth = 250, kHeaderHeight = 118, kStepHeight = 26, kChipHeight = 26;

// Colours stand in plain rules, not in variables: not every viewer knows those.
constexpr std::string_view kStyle =
    "<style>"
    "text{font-family:system-ui,-apple-system,'Segoe UI',sans-serif;font-size:13px;fill:#1c2321}"
    ".title{font-size:20px;font-weight:600}.name{font-size:15px;font-weight:600}.end{text-anchor:end}"
    ".code{font-family:ui-monospace,Menlo,Consolas,monospace;font-size:12px}.soft,.code{fill:#5c6862}"
    ".est{fill:#9a5a12}.page{fill:#fbfbfa}.card{fill:#ffffff;stroke:#d9dcd6}.track{fill:#e8ece9}.bar{fill:#"
    "2f6f8f}"
    ".wire{fill:none;stroke:#b9c0ba;stroke-width:2}"
    "@media (prefers-color-scheme:dark){"
    "text{fill:#e9eeec}.soft,.code{fill:#9fb0ab}.est{fill:#e0a35c}.page{fill:#15191c}"
    ".card{fill:#1e2428;stroke:#39434a}.track{fill:#2b343a}.bar{fill:#5fb0d3}.wire{stroke:#4b5860}"
    "}</style>";

// Text of a node, without bytes that XML has no place for.
std::string Escaped(std::string_view text) {
  std::string out;
  for (const char c : output::Printable(text)) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out += c;
    }
  }
  return out;
}

struct Point {
  int x = 0, y = 0;
};

struct Box {
  int x = 0, y = 0, width = 0, height = 0;
};

class Drawing {
 public:
  void Text(Point at, std::string_view style, std::string_view text) {
    out_ += "<text x=\"" + std::to_string(at.x) + "\" y=\"" + std::to_string(at.y) + "\" class=\"" +
            std::string(style) + "\">" + Escaped(text) + "</text>\n";
  }
  void Rectangle(const Box& box, std::string_view style, int radius) {
    out_ += "<rect x=\"" + std::to_string(box.x) + "\" y=\"" + std::to_string(box.y) + "\" width=\"" +
            std::to_string(box.width) + "\" height=\"" + std::to_string(box.height) + "\" rx=\"" +
            std::to_string(radius) + "\" class=\"" + std::string(style) + "\"/>\n";
  }
  // From the left side of a node down to one that it reads.
  void Wire(Point from, Point to) {
    out_ += "<path class=\"wire\" d=\"M" + std::to_string(from.x) + " " + std::to_string(from.y) + "V" +
            std::to_string(to.y) + "H" + std::to_string(to.x) + "\"/>\n";
  }
  // A part of a track, between 0 and 1.
  void Bar(const Box& box, double part) {
    Rectangle(box, "track", box.height / 2);
    const int filled = static_cast<int>(std::lround(std::clamp(part, 0.0, 1.0) * box.width));
    if (part > 0) Rectangle({box.x, box.y, std::max(filled, box.height), box.height}, "bar", box.height / 2);
  }
  std::string Finish(int height) const {
    const std::string size = std::to_string(kWidth) + " " + std::to_string(height);
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + size + "\" width=\"" +
           std::to_string(kWidth) + "\" height=\"" + std::to_string(height) + "\" role=\"img\">\n" +
           std::string(kStyle) + "\n<rect class=\"page\" width=\"100%\" height=\"100%\"/>\n" + out_ +
           "</svg>\n";
  }

 private:
  std::string out_;
};

// Draws a plan, from top to bottom.
class PlanPicture {
 public:
  explicit PlanPicture(const PicturedPlan& plan) : plan_(plan) {}

  std::string Draw() {
    Header();
    Node(plan_.plan, kMargin);
    Steps();
    Rules();
    return drawing_.Finish(y_ + kMargin);
  }

 private:
  void Header() {
    drawing_.Text({kMargin, 48}, "title", plan_.title);
    drawing_.Text({kWidth - kMargin, 48}, "title end", plan_.found);
    drawing_.Text({kMargin, 76}, "code", output::Shortened(output::Printable(plan_.predicate), 122));
    y_ = kHeaderHeight;
  }

  // A card, and below it, further in, what it reads.
  void Node(const PlanReport& node, int x) {
    const int ways_height = static_cast<int>(node.alternatives.size()) * kWayHeight;
    const Box card{x, y_, kWidth - kMargin - x, kCardHeight + (ways_height > 0 ? ways_height + kWayGap : 0)};
    drawing_.Rectangle(card, "card", 10);
    const int right = card.x + card.width - 20;
    const auto detail_width = static_cast<std::size_t>((right - kBarWidth - x - 50) / 8);
    drawing_.Text({x + 20, y_ + 30}, "name", node.name);
    drawing_.Text({x + 20, y_ + 54}, "code", output::Shortened(output::Printable(node.detail), detail_width));
    Numbers(node, right);
    Ways(node, {x + 20, y_ + kCardHeight}, right);
    y_ += card.height + kGap;
    for (const PlanReport& input : node.inputs) {
      drawing_.Wire({x + 18, card.y + card.height}, {x + kIndent, y_ + kCardHeight / 2});
      Node(input, x + kIndent);
    }
  }

  // What else was thought of, each way with what it is expected to take beside the dearest.
  void Ways(const PlanReport& node, Point at, int right) {
    double dearest = 1;
    for (const query::Alternative& way : node.alternatives) dearest = std::max(dearest, way.cost_ns);
    for (const query::Alternative& way : node.alternatives) {
      drawing_.Rectangle({at.x, at.y + 1, 10, 10}, way.chosen ? "bar" : "track", 5);
      drawing_.Text({at.x + 18, at.y + 11}, way.chosen ? "" : "soft", way.name + (way.chosen ? ", chosen" : ""));
      drawing_.Text({right - kBarWidth - 16, at.y + 11}, "est end",
                    "cost " + output::HumanDuration(std::llround(way.cost_ns)));
      drawing_.Bar({right - kBarWidth, at.y + 3, kBarWidth, 6}, way.cost_ns / dearest);
      at.y += kWayHeight;
    }
  }

  void Numbers(const PlanReport& node, int right) {
    const int left = right - kBarWidth;
    if (const std::string text = AmountText(node.estimated, plan_.rows); !text.empty()) {
      const std::string corrected =
          node.corrected_from ? " (not " + GroupedNumber(std::llround(*node.corrected_from)) + ")" : "";
      drawing_.Text({left, y_ + 30}, "est", "est. " + text + corrected);
    }
    if (!plan_.times) return;
    const std::string actual = AmountText(node.actual, plan_.rows);
    drawing_.Text({left, y_ + 50}, actual.empty() ? "soft" : "", actual.empty() ? "not run" : actual);
    if (actual.empty()) return;
    drawing_.Text({right, y_ + 50}, "soft end", output::HumanDuration(node.ns));
    Bar({left, y_ + 62, kBarWidth, 8}, node.ns);
  }

  // As a part of all that was measured.
  void Bar(const Box& box, std::int64_t ns) {
    const std::int64_t all_ns = std::max({plan_.plan.ns, plan_.longest_ns, std::int64_t{1}});
    drawing_.Bar(box, static_cast<double>(ns) / static_cast<double>(all_ns));
  }

  void Step(std::string_view name, const std::string& detail, std::int64_t ns) {
    drawing_.Text({kMargin, y_ + 16}, "", name);
    drawing_.Text({kMargin + 110, y_ + 16}, "soft", detail);
    if (plan_.times) {
      const int right = kWidth - kMargin - 20;
      drawing_.Text({right - kBarWidth - 16, y_ + 16}, "soft end", output::HumanDuration(ns));
      Bar({right - kBarWidth, y_ + 8, kBarWidth, 8}, ns);
    }
    y_ += kStepHeight;
  }

  void Steps() {
    if (plan_.steps.empty()) return;
    drawing_.Text({kMargin, y_ + 16}, "name", "steps");
    y_ += kStepHeight + 4;
    for (const PicturedStep& step : plan_.steps) Step(step.name, step.detail, step.ns);
    y_ += 12;
  }

  // A chip for each rule that changed the plan, in rows.
  void Rules() {
    drawing_.Text({kMargin, y_ + 16}, "name", "rules that changed it");
    y_ += kStepHeight + 4;
    int x = kMargin;
    for (const query::RuleUse& use : plan_.planning.uses) {
      std::string text(use.rule);
      if (plan_.times && use.ns > 0) text += "  " + output::HumanDuration(use.ns);
      const int width = 24 + static_cast<int>(text.size()) * 7;
      if (x + width > kWidth - kMargin) {
        x = kMargin;
        y_ += kChipHeight + 8;
      }
      drawing_.Rectangle({x, y_, width, kChipHeight}, "card", kChipHeight / 2);
      drawing_.Text({x + 12, y_ + 17}, "", text);
      x += width + 8;
    }
    if (plan_.planning.uses.empty()) drawing_.Text({kMargin, y_ + 16}, "soft", "none");
    y_ += kChipHeight;
  }

  const PicturedPlan& plan_;
  Drawing drawing_;
  int y_ = 0;
};

}  // namespace

std::string DrawPlan(const PicturedPlan& plan) { return PlanPicture(plan).Draw(); }

}  // namespace levee::explain
