#include "objectstore/http/xml_reader.h"

#include <gtest/gtest.h>

namespace levee::objectstore {
namespace {

TEST(XmlReaderTest, ReadsElementsTextAndEntities) {
  const auto root = ParseXml(
      "\xEF\xBB\xBF<?xml version=\"1.0\"?>\n<!-- note --><a:Root xmlns:a='x' b = \"1\">"
      "<Key>a&amp;b&lt;&gt;&quot;&apos;&#65;&#x20AC;</Key><Empty/><Key>2</Key><![CDATA[<raw>]]><D><E>e</E></D>\n</a:Root>\n");
  ASSERT_TRUE(root) << root.error().ToString();
  EXPECT_EQ(root->name, "Root");
  ASSERT_EQ(root->children.size(), 4u);
  EXPECT_EQ(root->ChildText("Key"), "a&b<>\"'A\xE2\x82\xAC");
  EXPECT_EQ(root->children[1].name, "Empty");
  EXPECT_EQ(root->text, "<raw>\n");
  EXPECT_EQ(root->Child("D")->ChildText("E"), "e");
  EXPECT_EQ(root->Child("none"), nullptr);
  EXPECT_EQ(root->ChildText("none"), "");
}

TEST(XmlReaderTest, RefusesWhatIsNotWellFormed) {
  std::string deep, many = "<a>";
  for (int i = 0; i < 40; ++i) deep += "<a>";
  for (int i = 0; i < 200'000; ++i) many += "<b/>";
  for (const std::string& text : std::vector<std::string>{
           "", "text", "<a>", "<a></b>", "<a><b></a></b>", "<a/><b/>", "<a>&nope;</a>", "<a>& b</a>", "<a>&#0;</a>",
           "<a>&#xD800;</a>", "<a>&#x110000;</a>", "<a b></a>", "<a b=1/>", "<a b=\"1/>", "<a><![CDATA[x</a>", "<a><!-- </a>",
           "<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", "< a/>", "<a/", "<a b='1'c='2'/>", deep, many + "</a>"}) {
    const auto root = ParseXml(text);
    ASSERT_FALSE(root) << text.substr(0, 60);
    EXPECT_EQ(root.error().code, ErrorCode::kCorrupt);
  }
}

}  // namespace
}  // namespace levee::objectstore
