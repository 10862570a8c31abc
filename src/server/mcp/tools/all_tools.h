// Every tool, by the file that has it.
#pragma once

#include "server/mcp/tool.h"

namespace levee::mcp {

extern const Tool kStoreTool, kGetTool, kUpdateTool, kDeleteTool, kQueryTool, kSearchTool, kNamespacesTool, kExportTool,
    kImportTool;

}  // namespace levee::mcp
