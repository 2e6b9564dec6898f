// How many numbers a pool needs.

#include <cstdint>

#include "callrouter/number_sizing.h"
#include "callrouter_c.h"
#include "convert.h"
#include "objects.h"

using namespace callrouter;     // NOLINT(build/namespaces): what C is given.
using namespace callrouter::c;  // NOLINT(build/namespaces)

namespace {

// What a formula gives, if the caller wants it.
template <class Value, class Call>
cr_status Formula(Value* out, Call&& call) {
  return Check(nullptr, [&](FaultsObject&) -> absl::Status {
    if (out == nullptr) return Null("out");
    const absl::StatusOr<Value> value = call();
    if (value.ok()) *out = *value;
    return value.status();
  });
}

}  // namespace

cr_status cr_offered_load(double visits_per_hour, int64_t hold_us,
                          double* erlangs) {
  return Formula(erlangs, [&] {
    return OfferedLoad(visits_per_hour, ToDuration(hold_us));
  });
}

cr_status cr_visitor_blocking(double erlangs, int32_t numbers, double* share) {
  return Formula(share, [&] { return VisitorBlocking(erlangs, numbers); });
}

cr_status cr_visitor_numbers_for(double erlangs, double blocking,
                                 int32_t* numbers) {
  return Formula(numbers, [&] { return VisitorNumbersFor(erlangs, blocking); });
}

cr_status cr_masking_numbers_for(int32_t largest_degree,
                                 int32_t headroom_permille, int32_t* numbers) {
  return Formula(numbers, [&] {
    return MaskingNumbersFor(largest_degree, headroom_permille);
  });
}

cr_status cr_masking_degree_for(int32_t numbers, int32_t headroom_permille,
                                int32_t* degree) {
  return Formula(degree,
                 [&] { return MaskingDegreeFor(numbers, headroom_permille); });
}
