// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/yield.h"

#include <algorithm>
#include <cmath>

namespace culprit::review {

namespace {

constexpr double leastProbability = 1e-3;

/// Half the slope of the log posterior is monotone in the shift: bisection always finds its zero, and 60
/// halvings of [-30, 30] go to the last bits of a double.
constexpr double widestShift = 30.0;
constexpr int halvings = 60;

double logit(double probability)
{
    const double p = std::clamp(probability, leastProbability, 1.0 - leastProbability);
    return std::log(p / (1.0 - p));
}

double sigmoid(double x)
{
    return 1.0 / (1.0 + std::exp(-x));
}

struct Findings {
    std::vector<double> logits; ///< Of the images that a person kept, relabelled or excluded.
    double faults = 0.0;
};

Findings findingsOf(const Ranking& ranking, const Reading& reading)
{
    Findings findings;
    for (std::size_t place = 0; place < ranking.size(); ++place) {
        const Verdict verdict = reading.of(ranking.id(place)).verdict;
        const bool isFault = verdict == Verdict::Relabel || verdict == Verdict::Exclude;
        if (!isFault && verdict != Verdict::Keep)
            continue;
        findings.logits.push_back(logit(ranking.probability[place]));
        findings.faults += isFault ? 1.0 : 0.0;
    }
    return findings;
}

} // namespace

Calibration calibrate(const Ranking& ranking, const Reading& reading)
{
    const Findings findings = findingsOf(ranking, reading);
    const auto slope = [&](double shift) {
        double sum = findings.faults - shift;
        for (const double value : findings.logits)
            sum -= sigmoid(value + shift);
        return sum;
    };
    double low = -widestShift;
    double high = widestShift;
    for (int i = 0; i < halvings; ++i) {
        const double middle = (low + high) / 2.0;
        (slope(middle) > 0.0 ? low : high) = middle;
    }
    const auto faults = static_cast<std::int64_t>(findings.faults);
    const double shift = findings.logits.empty() ? 0.0 : (low + high) / 2.0;
    return {shift, faults, static_cast<std::int64_t>(findings.logits.size()) - faults};
}

double calibrated(double probability, const Calibration& calibration)
{
    return sigmoid(logit(probability) + calibration.shift);
}

Yield expectedYield(std::span<const std::size_t> queue, const Ranking& ranking, const Reading& reading,
                    std::size_t count)
{
    const Calibration calibration = calibrate(ranking, reading);
    Yield yield;
    double variance = 0.0;
    for (const auto place : queue) {
        if (yield.images == count)
            break;
        if (reading.isDecided(ranking.id(place)))
            continue;
        const double p = calibrated(ranking.probability[place], calibration);
        ++yield.images;
        yield.faults += p;
        variance += p * (1.0 - p);
    }
    yield.standardError = std::sqrt(variance);
    return yield;
}

} // namespace culprit::review
