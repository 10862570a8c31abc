// The XML that clouds answer with: elements and text. Strict, with limits; attributes are checked and dropped, a document
// type is refused.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace levee::objectstore {

struct XmlElement {
  std::string name;  // without its name space's prefix
  std::string text;  // of this element alone
  std::vector<XmlElement> children;

  // The first of that name; null without one.
  const XmlElement* Child(std::string_view child) const;
  // Its text; empty without one.
  std::string_view ChildText(std::string_view child) const;
};

// The root. kCorrupt for what is not well formed, deeper than 32 elements or more than 200,000.
Result<XmlElement> ParseXml(std::string_view text);

}  // namespace levee::objectstore
