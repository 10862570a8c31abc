#include "memory/store_bank/explain.h"

#include <algorithm>

namespace levee::memory {
namespace {

std::string OrderOf(const ItemQuery& query) {
  if (!query.order.empty()) return query.order;
  return query.words.empty() ? "updated desc" : "relevance desc, updated desc";
}

std::string Quoted(std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string quoted = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      quoted += {'\\', c};
    } else if (byte < 0x20) {
      quoted += {'\\', 'u', '0', '0', kHex[byte >> 4], kHex[byte & 15]};
    } else {
      quoted += c;
    }
  }
  return quoted + '"';
}

std::string Escaped(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '<': escaped += "&lt;"; break;
      case '>': escaped += "&gt;"; break;
      case '&': escaped += "&amp;"; break;
      case '"': escaped += "&quot;"; break;
      default: escaped += c;
    }
  }
  return escaped;
}

}  // namespace

std::string ExplainText(const ItemQuery& query, const ItemPage& page, const FindTrace& trace, std::int64_t duration_ns) {
  std::string text = "limit " + std::to_string(query.limit) + ", " + std::to_string(page.items.size()) + " items\n";
  text += "  order " + OrderOf(query) + "\n";
  for (const PartUse& part : trace.parts) {
    text += "    " + part.part + ": " + std::string(part.access) + ", " + std::to_string(part.count.examined) + " of " +
            std::to_string(part.rows) + " rows examined";
    if (part.count.records != 0) text += ", " + std::to_string(part.count.records) + " records read";
    text += ", " + std::to_string(part.count.matched) + " matched\n";
  }
  if (duration_ns >= 0) text += "time " + std::to_string(duration_ns / 1000) + " us\n";
  return text;
}

std::string ExplainJson(const ItemQuery& query, const ItemPage& page, const FindTrace& trace, std::int64_t duration_ns) {
  std::string json = "{\"order\":" + Quoted(OrderOf(query)) + ",\"limit\":" + std::to_string(query.limit) +
                     ",\"items\":" + std::to_string(page.items.size()) + ",\"parts\":[";
  for (const PartUse& part : trace.parts) {
    if (json.back() != '[') json += ',';
    json += "{\"part\":" + Quoted(part.part) + ",\"access\":" + Quoted(part.access) + ",\"rows\":" + std::to_string(part.rows) +
            ",\"examined\":" + std::to_string(part.count.examined) + ",\"records\":" + std::to_string(part.count.records) +
            ",\"matched\":" + std::to_string(part.count.matched) + '}';
  }
  json += ']';
  if (duration_ns >= 0) json += ",\"ns\":" + std::to_string(duration_ns);
  return json + '}';
}

std::string ExplainSvg(const ItemQuery& query, const ItemPage& page, const FindTrace& trace, std::int64_t duration_ns) {
  constexpr int kRowHeight = 34, kTop = 56, kWidth = 640, kBar = 600;
  std::int64_t most = 1;
  for (const PartUse& part : trace.parts) most = std::max(most, std::max(part.rows, part.count.examined));
  const int height = kTop + kRowHeight * static_cast<int>(trace.parts.size()) + 12;
  std::string svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + std::to_string(kWidth) + " " +
                    std::to_string(height) + "\" font-family=\"sans-serif\" font-size=\"13\"><style>text{fill:#222}.all{fill:#dde3ea}"
                    ".seen{fill:#3b7dd8}@media(prefers-color-scheme:dark){text{fill:#eee}.all{fill:#3a4149}}</style>";
  svg += "<text x=\"20\" y=\"24\" font-weight=\"bold\">" + std::to_string(page.items.size()) + " items, limit " +
         std::to_string(query.limit) + ", by " + Escaped(OrderOf(query)) + "</text>";
  if (duration_ns >= 0) svg += "<text x=\"20\" y=\"42\">" + std::to_string(duration_ns / 1000) + " us</text>";
  int y = kTop;
  for (const PartUse& part : trace.parts) {
    const auto width = [&](std::int64_t rows) { return std::to_string(std::max<std::int64_t>(1, rows * kBar / most)); };
    svg += "<rect class=\"all\" x=\"20\" y=\"" + std::to_string(y + 16) + "\" height=\"8\" width=\"" + width(part.rows) + "\"/>";
    svg += "<rect class=\"seen\" x=\"20\" y=\"" + std::to_string(y + 16) + "\" height=\"8\" width=\"" +
           width(part.count.examined) + "\"/>";
    svg += "<text x=\"20\" y=\"" + std::to_string(y + 12) + "\">" + Escaped(part.part) + ": " + Escaped(part.access) + ", " +
           std::to_string(part.count.examined) + " of " + std::to_string(part.rows) + " rows examined, " +
           std::to_string(part.count.matched) + " matched</text>";
    y += kRowHeight;
  }
  return svg + "</svg>\n";
}

}  // namespace levee::memory
