// Charts of text.

#ifndef CALLROUTER_SRC_SIM_CHART_H_
#define CALLROUTER_SRC_SIM_CHART_H_

#include <string>
#include <string_view>
#include <vector>

namespace callrouter::sim {

// Lines over columns of one width: one letter a line, a, b, c in their order;
// a star where several meet. `percent`: values are shares.
std::string TextChart(std::string_view title,
                      const std::vector<std::vector<double>>& lines,
                      bool percent);

}  // namespace callrouter::sim

#endif  // CALLROUTER_SRC_SIM_CHART_H_
