// Every tool, by the file that has it.
#pragma once

#include "server/mcp/tool.h"

namespace levee::mcp {

Tool StoreTool();
Tool GetTool();
Tool UpdateTool();
Tool DeleteTool();
Tool QueryTool();
Tool SearchTool();
Tool NamespacesTool();
Tool ExportTool();
Tool ImportTool();

}  // namespace levee::mcp
