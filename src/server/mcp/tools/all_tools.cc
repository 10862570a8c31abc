#include "server/mcp/tools/all_tools.h"

#include <vector>

namespace levee::mcp {

std::span<const Tool> Tools() {
  static const std::vector<Tool> tools = {kStoreTool,  kGetTool,        kUpdateTool, kDeleteTool, kQueryTool,
                                          kSearchTool, kNamespacesTool, kExportTool, kImportTool};
  return tools;
}

}  // namespace levee::mcp
