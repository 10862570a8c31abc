#include "objectstore/http/xml_reader.h"

#include <charconv>
#include <cstdint>
#include <optional>

namespace levee::objectstore {
namespace {

constexpr int kDepthMax = 32;
constexpr int kElementsMax = 200'000;

std::unexpected<Error> Malformed(const std::string& why) {
  return Fail(ErrorCode::kCorrupt, "XML", why);
}

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

bool IsNameChar(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || c == '_' ||
         c == '-' || c == '.' || c == ':' || byte >= 128;
}

void AppendUtf8(std::uint32_t code, std::string& out) {
  if (code < 0x80) {
    out.push_back(static_cast<char>(code));
  } else if (code < 0x800) {
    out += {static_cast<char>(0xC0 | code >> 6), static_cast<char>(0x80 | (code & 63))};
  } else if (code < 0x10000) {
    out += {static_cast<char>(0xE0 | code >> 12), static_cast<char>(0x80 | (code >> 6 & 63)),
            static_cast<char>(0x80 | (code & 63))};
  } else {
    out += {static_cast<char>(0xF0 | code >> 18), static_cast<char>(0x80 | (code >> 12 & 63)),
            static_cast<char>(0x80 | (code >> 6 & 63)), static_cast<char>(0x80 | (code & 63))};
  }
}

// "#65" or "#x41"; empty for what XML does not allow.
std::optional<std::uint32_t> NumericEntity(std::string_view name) {
  name.remove_prefix(1);
  const bool hex = name.starts_with('x');
  if (hex) name.remove_prefix(1);
  std::uint32_t code = 0;
  const auto [rest, error] = std::from_chars(name.data(), name.data() + name.size(), code, hex ? 16 : 10);
  const bool surrogate = code >= 0xD800 && code < 0xE000;
  if (error != std::errc() || rest != name.data() + name.size() || code == 0 || code > 0x10FFFF || surrogate) {
    return std::nullopt;
  }
  return code;
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Result<XmlElement> Document() {
    if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
    LEVEE_RETURN_IF_ERROR(SkipProlog());
    LEVEE_ASSIGN(XmlElement root, Element(1));
    LEVEE_RETURN_IF_ERROR(SkipProlog());
    if (at_ != text_.size()) return Malformed("there is something after its end");
    return root;
  }

 private:
  bool StartsWith(std::string_view mark) const { return text_.substr(at_).starts_with(mark); }
  void SkipBlanks() {
    while (at_ < text_.size() && IsBlank(text_[at_])) ++at_;
  }
  Status SkipPast(std::string_view mark) {
    const std::size_t end = text_.find(mark, at_);
    if (end == std::string_view::npos) return Malformed("it ends in the middle");
    at_ = end + mark.size();
    return {};
  }

  // Blanks, comments and processing instructions.
  Status SkipProlog() {
    while (true) {
      SkipBlanks();
      if (StartsWith("<!--")) {
        LEVEE_RETURN_IF_ERROR(SkipPast("-->"));
      } else if (StartsWith("<?")) {
        LEVEE_RETURN_IF_ERROR(SkipPast("?>"));
      } else if (StartsWith("<!")) {
        return Malformed("it has a document type");
      } else {
        return {};
      }
    }
  }

  Result<std::string> Name() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && IsNameChar(text_[at_])) ++at_;
    if (begin == at_) return Malformed("a name is missing");
    return std::string(text_.substr(begin, at_ - begin));
  }

  // What stands between the name and the end of a start tag. True when the element is empty: "/>".
  Result<bool> Attributes() {
    while (true) {
      const std::size_t before = at_;
      SkipBlanks();
      if (StartsWith("/>")) return at_ += 2, true;
      if (StartsWith(">")) return ++at_, false;
      if (before == at_) return Malformed("attributes must stand apart");
      LEVEE_RETURN_IF_ERROR(Name());
      SkipBlanks();
      if (!StartsWith("=")) return Malformed("an attribute has no value");
      ++at_;
      SkipBlanks();
      if (!StartsWith("\"") && !StartsWith("'")) return Malformed("an attribute's value is not quoted");
      const std::string_view quote = text_.substr(at_++, 1);
      LEVEE_RETURN_IF_ERROR(SkipPast(quote));
    }
  }

  Status Entity(std::string& out) {
    const std::size_t end = text_.find(';', at_);
    if (end == std::string_view::npos || end - at_ > 12) return Malformed("'&' begins no entity");
    const std::string_view name = text_.substr(at_ + 1, end - at_ - 1);
    at_ = end + 1;
    if (name == "amp") return out += '&', Status();
    if (name == "lt") return out += '<', Status();
    if (name == "gt") return out += '>', Status();
    if (name == "quot") return out += '"', Status();
    if (name == "apos") return out += '\'', Status();
    const auto code = name.starts_with('#') ? NumericEntity(name) : std::nullopt;
    if (!code) return Malformed("the entity '" + std::string(name) + "' is not known");
    AppendUtf8(*code, out);
    return {};
  }

  Status Text(std::string& out) {
    while (at_ < text_.size() && text_[at_] != '<') {
      if (text_[at_] == '&') {
        LEVEE_RETURN_IF_ERROR(Entity(out));
        continue;
      }
      const std::size_t end = std::min(text_.find_first_of("<&", at_), text_.size());
      out += text_.substr(at_, end - at_);
      at_ = end;
    }
    return {};
  }

  Status Cdata(std::string& out) {
    const std::size_t begin = at_ + 9;
    LEVEE_RETURN_IF_ERROR(SkipPast("]]>"));
    out += text_.substr(begin, at_ - 3 - begin);
    return {};
  }

  Status EndTag(const std::string& opened) {
    at_ += 2;
    LEVEE_ASSIGN(const std::string closed, Name());
    SkipBlanks();
    if (closed != opened || !StartsWith(">")) return Malformed("</" + closed + "> does not end <" + opened + ">");
    ++at_;
    return {};
  }

  Result<XmlElement> Element(int depth) {
    if (depth > kDepthMax || ++elements_ > kElementsMax) return Malformed("it is too deep or too large");
    if (!StartsWith("<")) return Malformed("an element is missing");
    ++at_;
    LEVEE_ASSIGN(const std::string name, Name());
    XmlElement element{.name = name.substr(name.find(':') + 1)};
    LEVEE_ASSIGN(const bool empty, Attributes());
    if (empty) return element;
    while (true) {
      LEVEE_RETURN_IF_ERROR(Text(element.text));
      if (StartsWith("</")) {
        LEVEE_RETURN_IF_ERROR(EndTag(name));
        return element;
      }
      if (StartsWith("<!--")) {
        LEVEE_RETURN_IF_ERROR(SkipPast("-->"));
      } else if (StartsWith("<![CDATA[")) {
        LEVEE_RETURN_IF_ERROR(Cdata(element.text));
      } else if (StartsWith("<?")) {
        LEVEE_RETURN_IF_ERROR(SkipPast("?>"));
      } else {
        LEVEE_ASSIGN(XmlElement child, Element(depth + 1));
        element.children.push_back(std::move(child));
      }
    }
  }

  const std::string_view text_;
  std::size_t at_ = 0;
  int elements_ = 0;
};

}  // namespace

const XmlElement* XmlElement::Child(std::string_view child) const {
  for (const XmlElement& element : children) {
    if (element.name == child) return &element;
  }
  return nullptr;
}

std::string_view XmlElement::ChildText(std::string_view child) const {
  const XmlElement* const element = Child(child);
  return element == nullptr ? std::string_view() : std::string_view(element->text);
}

Result<XmlElement> ParseXml(std::string_view text) { return Parser(text).Document(); }

}  // namespace levee::objectstore
