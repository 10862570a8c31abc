// Fields that the answers of all clouds share.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "objectstore/http/cloud_dialect.h"
#include "objectstore/http/http_message.h"

namespace levee::objectstore {

// Without quotes and without the mark of a weak one: lists and headers spell one etag differently.
std::string PlainEtag(std::string_view etag);

// 0 for what is no number.
std::uint64_t SizeText(std::string_view text);

// Content-Length, Last-Modified and ETag.
ObjectInfo InfoOfHeaders(const HttpResponse& response);

// <Error><Code>..</Code><Message>..</Message></Error>, as S3, GCS and Azure answer; empty for anything else.
ServerError ErrorOfXml(std::string_view body);

// The first line of a server's message, at most 300 bytes of it, without control characters.
std::string OneLine(std::string_view message);

}  // namespace levee::objectstore
