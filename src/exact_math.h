// Logarithm, exponential and the normal law, the same on every machine.
//
// Our own few lines of arithmetic in a fixed order, because libm differs in
// the last bit between machines and versions, and a decision must not.

#ifndef CALLROUTER_SRC_EXACT_MATH_H_
#define CALLROUTER_SRC_EXACT_MATH_H_

namespace callrouter {

// ln x for x > 0 and finite, to about 1e-15 relative.
double NaturalLog(double x);
// e^x for |x| <= 700, to about 1e-15 relative.
double Exponential(double x);
// P(Z > x) for a standard normal Z, to 1e-14 absolute; 0 beyond 38.
double NormalTail(double x);
// The same where the density at x is known already.
double NormalTail(double x, double density);
// Its density, for |x| <= 37.
double NormalDensity(double x);
// Both for |x| <= 8, to 1e-14 absolute, at a tenth of the cost: from series
// around points an eighth apart.
struct NormalValue {
  double tail = 0;
  double density = 0;
};
NormalValue NormalAt(double x);

}  // namespace callrouter

#endif  // CALLROUTER_SRC_EXACT_MATH_H_
