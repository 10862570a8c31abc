#include "server/mcp/tools/all_tools.h"

#include <vector>

namespace levee::mcp {

std::span<const Tool> Tools() {
  static const std::vector<Tool> tools = {StoreTool(),  GetTool(),        UpdateTool(), DeleteTool(), QueryTool(),
                                          SearchTool(), NamespacesTool(), ExportTool(), ImportTool()};
  return tools;
}

}  // namespace levee::mcp
