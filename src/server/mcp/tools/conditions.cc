#include "server/mcp/tools/conditions.h"

namespace levee::mcp {

Question ReadQuestion(Arguments& arguments) {
  Question question;
  ItemQuery& query = question.query;
  arguments.Read("ids", query.ids);
  arguments.Read("namespaces", query.namespaces);
  arguments.Read("categories", query.categories);
  arguments.Read("tags", query.tags);
  arguments.Read("anyTags", query.any_tags);
  arguments.Read("noTags", query.no_tags);
  arguments.Read("metadata", query.metadata);
  arguments.ReadTime("since", query.since);
  arguments.ReadTime("until", query.until);
  arguments.ReadTime("createdSince", query.created_since);
  arguments.ReadTime("createdUntil", query.created_until);
  arguments.ReadTime("asOf", query.as_of);
  arguments.Read("order", query.order);
  arguments.Read("limit", query.limit);
  arguments.Read("cursor", query.after);
  arguments.Read("includeContent", query.with_content);
  arguments.Read("count", question.count);
  return question;
}

}  // namespace levee::mcp
