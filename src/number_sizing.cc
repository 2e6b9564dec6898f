#include "callrouter/number_sizing.h"

#include <string>

namespace callrouter {

namespace {

constexpr double kLoadMax = 1e6;
constexpr int32_t kNumbersMax = 4'000'000;
constexpr int32_t kDegreeMax = 1'000'000;

// NaN is in no range.
template <typename T>
absl::Status InRange(const char* what, T value, T low, T high) {
  if (value >= low && value <= high) return absl::OkStatus();
  return absl::InvalidArgumentError(
      std::string(what) + ": found " + std::to_string(value) + ", expected " +
      std::to_string(low) + " to " + std::to_string(high));
}

}  // namespace

absl::StatusOr<double> OfferedLoad(double visits_per_hour,
                                   absl::Duration hold) {
  const double seconds = absl::ToDoubleSeconds(hold);
  absl::Status status = InRange("visits_per_hour", visits_per_hour, 0.0, 1e9);
  if (status.ok()) status = InRange("hold in s", seconds, 0.0, 86'400.0);
  if (!status.ok()) return status;
  return visits_per_hour * seconds / 3600;
}

absl::StatusOr<double> VisitorBlocking(double load, int32_t numbers) {
  absl::Status status = InRange("load", load, 0.0, kLoadMax);
  if (status.ok()) status = InRange("numbers", numbers, 0, kNumbersMax);
  if (!status.ok()) return status;
  double blocking = 1;
  for (int32_t n = 1; n <= numbers; ++n) {
    blocking = load * blocking / (n + load * blocking);
  }
  return blocking;
}

absl::StatusOr<int32_t> VisitorNumbersFor(double load, double blocking) {
  absl::Status status = InRange("load", load, 0.0, kLoadMax);
  if (status.ok()) status = InRange("blocking", blocking, 1e-12, 1.0);
  if (!status.ok()) return status;
  double b = 1;
  int32_t n = 0;
  while (b > blocking) {  // Twice the load is far beyond any that is wanted.
    ++n;
    b = load * b / (n + load * b);
  }
  return n;
}

absl::StatusOr<int32_t> MaskingNumbersFor(int32_t largest_degree,
                                          int32_t headroom_permille) {
  absl::Status status =
      InRange("largest_degree", largest_degree, 0, kDegreeMax);
  if (status.ok()) {
    status = InRange("headroom_permille", headroom_permille, 0, 1000);
  }
  if (!status.ok()) return status;
  const int64_t needed = int64_t{largest_degree} * (1000 + headroom_permille);
  return static_cast<int32_t>((needed + 999) / 1000);
}

absl::StatusOr<int32_t> MaskingDegreeFor(int32_t numbers,
                                         int32_t headroom_permille) {
  absl::Status status = InRange("numbers", numbers, 0, kDegreeMax);
  if (status.ok()) {
    status = InRange("headroom_permille", headroom_permille, 0, 1000);
  }
  if (!status.ok()) return status;
  const int64_t served = int64_t{numbers} * 1000 / (1000 + headroom_permille);
  return static_cast<int32_t>(served);
}

}  // namespace callrouter
