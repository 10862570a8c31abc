// JSON Schemas that several tools share; texts that the preprocessor joins, so that each tool's schema is one constant.
#pragma once

// The members of an item that a client may give.
#define LEVEE_MCP_ITEM_INPUT \
  R"("id":{"type":"string","minLength":1,"maxLength":512,)" \
  R"("description":"Made if absent. An item of that id gets a new version"},"namespace":{"type":"string",)" \
  R"("maxLength":255,"description":"Where it belongs, '/' parts levels: team/project. Default: default"},)" \
  R"("category":{"type":"string","minLength":1,"maxLength":255,)" \
  R"("description":"What kind it is: note, task, decision, ..."},"content":{"type":"string","minLength":1,)" \
  R"("description":"The text to remember"},"tags":{"type":"array","items":{"type":"string","minLength":1},)" \
  R"("uniqueItems":true},"metadata":{"type":"object",)" \
  R"("description":"Anything else, found again by conditions on its members"},"embedding":{"type":["array",)" \
  R"("null"],"items":{"type":"number"}},"embeddingModel":{"type":["string","null"]},)" \
  R"("vectorClock":{"type":"object","additionalProperties":{"type":"integer"}},"created":{"type":["string",)" \
  R"("integer"]},"updated":{"type":["string","integer"]},"expires":{"type":["string","integer","null"],)" \
  R"("description":"RFC 3339; from then on it is not there"},"version":{"type":"integer"},)" \
  R"("checksum":{"type":"string"},"expectedVersion":{"type":["integer","null"],"minimum":0,)" \
  R"("description":"Write only if this version is there, 0: only if none is"})"

// An item as results have it.
#define LEVEE_MCP_ITEM \
  R"({"type":"object","required":["id","namespace","category","version"],"properties":{"id":{"type":"string"},)" \
  R"("namespace":{"type":"string"},"category":{"type":"string"},"content":{"type":"string"},)" \
  R"("tags":{"type":"array","items":{"type":"string"}},"metadata":{"type":"object"},"version":{"type":"integer"},)" \
  R"("vectorClock":{"type":"object"},"created":{"type":"string"},"updated":{"type":"string"},)" \
  R"("expires":{"type":"string"},"checksum":{"type":"string"},"score":{"type":"number"},)" \
  R"("snippet":{"type":"string"},"why":{"type":"string"},"contentBytes":{"type":"integer",)" \
  R"("description":"of the whole content, where only a part of it is here"},"contentOffset":{"type":"integer"},)" \
  R"("operation":{"type":"string"},"author":{"type":"string"},"written":{"type":"string"}}})"

// What became of writes.
#define LEVEE_MCP_OUTCOMES \
  R"({"type":"array","items":{"type":"object","required":["id","outcome","version"],"properties":{)" \
  R"("id":{"type":"string"},"outcome":{"enum":["stored","updated","deleted","kept","conflict","not-found"]},)" \
  R"("version":{"type":"integer","description":"afterwards; of a conflict what is there, 0: nothing"}}}})"

// What a page of items looks like.
#define LEVEE_MCP_PAGE \
  R"({"type":"object","required":["items"],"properties":{"items":{"type":"array","items":)" \
  LEVEE_MCP_ITEM \
  R"(},"count":{"type":"integer","description":"of all items that match"},"nextCursor":{"type":"string",)" \
  R"("description":"for 'cursor', to go on"},"didYouMean":{"type":"string"},"note":{"type":"string",)" \
  R"("description":"what was left out, and how to go on"}}})"

// The conditions that memory_query, memory_search and memory_export share.
#define LEVEE_MCP_CONDITIONS \
  R"("ids":{"type":"array","items":{"type":"string"},"description":"one of"},"namespaces":{"type":"array",)" \
  R"("items":{"type":"string"},"description":"one of; team/* is everything below team"},)" \
  R"("categories":{"type":"array","items":{"type":"string"},"description":"one of"},"tags":{"type":"array",)" \
  R"("items":{"type":"string"},"description":"all of"},"anyTags":{"type":"array","items":{"type":"string"},)" \
  R"("description":"one of"},"noTags":{"type":"array","items":{"type":"string"},"description":"none of"},)" \
  R"("metadata":{"type":"string",)" \
  R"("description":"SQL over the metadata's paths: a.b >= 3 AND source = 's1' AND c IS NOT NULL"},)" \
  R"("since":{"type":["string","integer"],"description":"updated at or after, RFC 3339"},)" \
  R"("until":{"type":["string","integer"],"description":"updated at or before"},"createdSince":{"type":["string",)" \
  R"("integer"]},"createdUntil":{"type":["string","integer"]},"asOf":{"type":["string","integer"],)" \
  R"("description":"the memory as it was then"},"order":{"type":"string",)" \
  R"("description":"updated desc, id; or namespace, category, version, created, expires, relevance, metadata.PATH"},)" \
  R"("limit":{"type":"integer","minimum":1,"maximum":10000,"default":20},"cursor":{"type":"string",)" \
  R"("description":"nextCursor of the page before; the rest of the question must be the same"},)" \
  R"("includeContent":{"type":"boolean","default":true},"count":{"type":"boolean",)" \
  R"("description":"also how many match in all"})"
