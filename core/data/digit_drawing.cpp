// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/digit_drawing.h"

#include "data/digit_strokes.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace culprit::data {

namespace {

constexpr int samplesPerSpan = 10;
constexpr std::size_t pixelCount = static_cast<std::size_t>(digitSide * digitSide);
using Canvas = std::array<double, pixelCount>;

struct Point {
    double x = 0.0;
    double y = 0.0;
};

Point operator+(Point a, Point b)
{
    return {a.x + b.x, a.y + b.y};
}

Point operator-(Point a, Point b)
{
    return {a.x - b.x, a.y - b.y};
}

Point operator*(double s, Point p)
{
    return {s * p.x, s * p.y};
}

double length(Point p)
{
    return std::sqrt(p.x * p.x + p.y * p.y);
}

/// A point of the inked path. Radii are in pixels, ink in 0…1.
struct Dab {
    Point at;
    double radius = 0.0;
    double ink = 1.0;
};

using Trace = std::vector<Dab>;

/// Everything that one drawing has in common.
struct Hand {
    double wobble = 0.0;  ///< Standard deviation of a knot, in box heights.
    double overrun = 0.0; ///< The same for the two ends of a stroke, along the stroke.
    double width = 0.7;
    double slant = 0.0;    ///< Sideways shift from the middle to the top, in half heights.
    double halfTurn = 0.0; ///< Tangent of half the angle of rotation.
    std::array<double, 7> bend{};
    double size = 20.0; ///< Longer side of the ink in pixels.
    double radius = 1.2;
    Point nib;             ///< Direction in which the pen writes broadest.
    double nibShare = 0.0; ///< How much thinner it writes across.
    Point shift;
};

double clampedNormal(Random& random, double limit)
{
    return std::clamp(random.normal(), -limit, limit);
}

Hand takeUpPen(const WritingStyle& style, Random& random)
{
    Hand hand;
    const double haste = random.chance(0.02) ? random.uniform(1.4, 2.0) : random.uniform(0.5, 1.1);
    hand.wobble = 0.03 * haste;
    hand.overrun = 0.05 * haste;
    hand.width = style.width * (1.04 + 0.18 * clampedNormal(random, 2.0));
    hand.slant = 0.14 + 0.2 * random.normal();
    hand.halfTurn = 0.06 * random.normal();
    for (auto& coefficient : hand.bend)
        coefficient = 0.07 * haste * random.normal();
    hand.size = random.uniform(18.8, 20.8);
    const double broad = 0.8 + 0.65 * random.uniform() + 0.8 * random.uniform() * random.uniform();
    hand.radius = std::min(broad, 2.8 * hand.width); // a broad pen would fill a narrow digit
    hand.nib = {random.uniform(0.4, 1.0), random.uniform(-1.0, 0.4)};
    hand.nib = (1.0 / length(hand.nib)) * hand.nib;
    hand.nibShare = random.uniform(0.0, 0.35);
    hand.shift = {0.5 * clampedNormal(random, 3.0), 0.5 * clampedNormal(random, 3.0)};
    return hand;
}

const WritingStyle& chooseStyle(std::span<const WritingStyle> styles, Random& random)
{
    double total = 0.0;
    for (const auto& style : styles)
        total += style.share;
    double left = random.uniform(0.0, total);
    for (const auto& style : styles) {
        left -= style.share;
        if (left < 0.0)
            return style;
    }
    return styles.back();
}

/// From the style's box to a plane whose origin is the middle of the digit and whose unit is half its height.
Point shape(const Hand& hand, const Knot& knot)
{
    const double u = 2.0 * knot.x - 1.0;
    const double v = 2.0 * knot.y - 1.0;
    const auto& b = hand.bend;
    const double bentU = u + b[0] * v * v + b[1] * u * v + b[2] * v * v * v + b[3] * u * u;
    const double bentV = v + b[4] * (v * v - 1.0) + b[5] * u * v + b[6] * u * u;
    const double x = hand.width * bentU - hand.slant * bentV;
    const double t = hand.halfTurn;
    const double cosine = (1.0 - t * t) / (1.0 + t * t);
    const double sine = 2.0 * t / (1.0 + t * t);
    return {cosine * x - sine * bentV, sine * x + cosine * bentV};
}

Stroke wobbled(const Stroke& ideal, const Hand& hand, Random& random)
{
    Stroke stroke = ideal;
    for (auto& knot : stroke) {
        knot.x += hand.wobble / hand.width * clampedNormal(random, 3.0) * 0.8;
        knot.y += hand.wobble * clampedNormal(random, 3.0);
    }
    const auto lengthen = [&](Knot& end, const Knot& next) {
        const double by = hand.overrun * (clampedNormal(random, 2.5) + 0.2);
        const Point along{end.x - next.x, end.y - next.y};
        const double reach = length(along) + 0.05;
        end.x += by / reach * along.x;
        end.y += by / reach * along.y;
    };
    lengthen(stroke.front(), stroke[1]);
    lengthen(stroke.back(), stroke[stroke.size() - 2]);
    return stroke;
}

/// Centripetal Catmull-Rom between b and c (Barry and Goldman's pyramid): no cusps however uneven the knots
/// lie.
Point onCurve(const std::array<Point, 4>& p, double s)
{
    const auto gap = [](Point from, Point to) { return std::sqrt(length(to - from)) + 1e-6; };
    const double t0 = 0.0;
    const double t1 = t0 + gap(p[0], p[1]);
    const double t2 = t1 + gap(p[1], p[2]);
    const double t3 = t2 + gap(p[2], p[3]);
    const double t = t1 + s * (t2 - t1);
    const auto mix = [t](Point a, double ta, Point b, double tb) {
        const double w = (t - ta) / (tb - ta);
        return (1.0 - w) * a + w * b;
    };
    const Point a1 = mix(p[0], t0, p[1], t1);
    const Point a2 = mix(p[1], t1, p[2], t2);
    const Point a3 = mix(p[2], t2, p[3], t3);
    return mix(mix(a1, t0, a2, t2), t1, mix(a2, t1, a3, t3), t2);
}

Trace traced(const Stroke& stroke, const Hand& hand)
{
    std::vector<Point> points;
    for (const auto& knot : stroke)
        points.push_back(shape(hand, knot));
    Trace trace{{points.front()}};
    for (std::size_t i = 0; i + 1 < points.size(); ++i) {
        const Point a = points[i];
        const Point b = points[i + 1];
        const bool opens = i == 0 || stroke[i].corner;
        const bool closes = i + 2 == points.size() || stroke[i + 1].corner;
        const Point before = opens ? a - (b - a) : points[i - 1];
        const Point after = closes ? b + (b - a) : points[i + 2];
        for (int k = 1; k <= samplesPerSpan; ++k)
            trace.push_back({onCurve({before, a, b, after}, static_cast<double>(k) / samplesPerSpan)});
    }
    return trace;
}

/// Pressure along a stroke: a trend, a swell, a slow tremor, lighter ends, and now and then a skip.
void press(Trace& trace, const Hand& hand, Random& random)
{
    const double trend = 0.16 * random.normal();
    const double swell = 0.16 * random.normal();
    const double lift = random.chance(0.5) ? random.uniform(0.1, 0.5) : 0.0;
    const double skipAt = random.chance(0.05) ? random.uniform(0.15, 0.85) : 9.0;
    double tremor = 0.0;
    for (std::size_t i = 0; i < trace.size(); ++i) {
        const double s = static_cast<double>(i) / static_cast<double>(trace.size() - 1);
        const std::size_t ahead = std::min(i + 1, trace.size() - 1);
        const Point step = trace[ahead].at - trace[ahead - 1].at;
        const double across = std::abs(step.x * hand.nib.y - step.y * hand.nib.x) / (length(step) + 1e-9);
        tremor = 0.8 * tremor + 0.035 * random.normal();
        double pressure = 1.0 + trend * (2.0 * s - 1.0) + swell * (4.0 * s * (1.0 - s) - 0.5) + tremor;
        pressure *= 1.0 + hand.nibShare * (across - 0.6);
        pressure *= 1.0 - lift * std::max(0.0, (s - 0.8) * 5.0);
        const double fromSkip = (s - skipAt) * 14.0;
        const double skip = std::max(0.0, 1.0 - fromSkip * fromSkip);
        trace[i].radius = hand.radius * std::clamp(pressure, 0.45, 1.8) * (1.0 - 0.45 * skip);
        trace[i].ink = 1.0 - 0.5 * skip;
    }
}

struct Box {
    Point low{1e9, 1e9};
    Point high{-1e9, -1e9};
};

Box boundsOf(const std::vector<Trace>& traces)
{
    Box box;
    for (const auto& trace : traces)
        for (const auto& dab : trace) {
            box.low = {std::min(box.low.x, dab.at.x), std::min(box.low.y, dab.at.y)};
            box.high = {std::max(box.high.x, dab.at.x), std::max(box.high.y, dab.at.y)};
        }
    return box;
}

Point centreOfMass(const std::vector<Trace>& traces)
{
    Point sum;
    double mass = 0.0;
    for (const auto& trace : traces)
        for (std::size_t i = 1; i < trace.size(); ++i) {
            const double weight = length(trace[i].at - trace[i - 1].at) * trace[i].radius;
            sum = sum + (0.5 * weight) * (trace[i].at + trace[i - 1].at);
            mass += weight;
        }
    return (1.0 / (mass + 1e-9)) * sum;
}

/// Scales the longer side to the hand's size and puts the centre of mass in the middle, as far as the ink
/// stays on the paper.
void place(std::vector<Trace>& traces, const Hand& hand)
{
    Box box = boundsOf(traces);
    const double side = std::max(box.high.x - box.low.x, box.high.y - box.low.y);
    const double scale = (hand.size - 2.0 * hand.radius) / side;
    for (auto& trace : traces)
        for (auto& dab : trace)
            dab.at = scale * dab.at;
    box = boundsOf(traces);
    const double middle = 0.5 * static_cast<double>(digitSide);
    const double margin = hand.radius + 1.0;
    const auto held = [&](double wanted, double low, double high) {
        return std::clamp(wanted, margin - low, static_cast<double>(digitSide) - margin - high);
    };
    const Point wanted = Point{middle, middle} + hand.shift - centreOfMass(traces);
    const Point by{held(wanted.x, box.low.x, box.high.x), held(wanted.y, box.low.y, box.high.y)};
    for (auto& trace : traces)
        for (auto& dab : trace)
            dab.at = dab.at + by;
}

struct PixelRange {
    std::int64_t first;
    std::int64_t last;
};

PixelRange pixelsBetween(double low, double high)
{
    const auto inside = [](double v) { return std::clamp(v, 0.0, static_cast<double>(digitSide - 1)); };
    return {static_cast<std::int64_t>(inside(low)), static_cast<std::int64_t>(inside(high))};
}

/// Ink where the pen moved from one dab to the next; overlapping ink does not add up.
void ink(Canvas& canvas, const Dab& from, const Dab& to, double softness)
{
    const Point step = to.at - from.at;
    const double squared = step.x * step.x + step.y * step.y + 1e-12;
    const double reach = std::max(from.radius, to.radius) + softness;
    const auto columns =
        pixelsBetween(std::min(from.at.x, to.at.x) - reach, std::max(from.at.x, to.at.x) + reach);
    const auto rows =
        pixelsBetween(std::min(from.at.y, to.at.y) - reach, std::max(from.at.y, to.at.y) + reach);
    for (std::int64_t y = rows.first; y <= rows.last; ++y)
        for (std::int64_t x = columns.first; x <= columns.last; ++x) {
            const Point pixel{static_cast<double>(x) + 0.5, static_cast<double>(y) + 0.5};
            const Point away = pixel - from.at;
            const double s = std::clamp((away.x * step.x + away.y * step.y) / squared, 0.0, 1.0);
            const double distance = length(away - s * step);
            const double radius = from.radius + s * (to.radius - from.radius);
            const double covered = std::clamp(0.5 + (radius - distance) / softness, 0.0, 1.0);
            double& value = canvas[static_cast<std::size_t>(y * digitSide + x)];
            value = std::max(value, covered * (from.ink + s * (to.ink - from.ink)));
        }
}

/// 3 × 3 binomial-like smoothing; `share` 0 leaves the image, 1 is the full binomial.
void soften(Canvas& canvas, double share)
{
    const double side = 0.25 * share;
    const double centre = 1.0 - 2.0 * side;
    const auto pass = [&](std::size_t stride, std::size_t step) {
        for (std::size_t line = 0; line < static_cast<std::size_t>(digitSide); ++line) {
            double previous = 0.0;
            for (std::size_t i = 0; i < static_cast<std::size_t>(digitSide); ++i) {
                double& here = canvas[line * stride + i * step];
                const double next = i + 1 < static_cast<std::size_t>(digitSide) ? (&here)[step] : 0.0;
                const double old = here;
                here = centre * old + side * (previous + next);
                previous = old;
            }
        }
    };
    pass(digitSide, 1);
    pass(1, digitSide);
}

/// What the scanner makes of it: contrast, rough edges where ink meets paper, and a little grain, more of it
/// in the ink.
void scan(const Canvas& canvas, Random& random, std::span<std::uint8_t> pixels)
{
    const double gain = random.uniform(1.0, 1.35);
    const double white = 1.0 - 0.2 * random.uniform() * random.uniform();
    const double roughness = random.uniform(0.02, 0.16);
    const double grain = 7.0 * random.uniform() * random.uniform();
    for (std::size_t i = 0; i < pixelCount; ++i) {
        const double edge = 4.0 * canvas[i] * (1.0 - canvas[i]);
        const double ink = std::clamp(gain * (canvas[i] + roughness * edge * random.normal()), 0.0, 1.0);
        const double value = 255.0 * white * ink + grain * (0.35 + ink) * random.normal();
        pixels[i] = static_cast<std::uint8_t>(std::clamp(value, 0.0, 255.0) + 0.5);
    }
}

} // namespace

void drawDigit(std::int32_t digit, Random& random, std::span<std::uint8_t> pixels)
{
    const WritingStyle& style = chooseStyle(writingStyles(digit), random);
    const Hand hand = takeUpPen(style, random);
    std::vector<Trace> traces;
    for (const auto& stroke : style.strokes) {
        traces.push_back(traced(wobbled(stroke, hand, random), hand));
        press(traces.back(), hand, random);
    }
    place(traces, hand);

    Canvas canvas{};
    const double softness = random.uniform(0.7, 1.2);
    for (const auto& trace : traces)
        for (std::size_t i = 1; i < trace.size(); ++i)
            ink(canvas, trace[i - 1], trace[i], softness);
    soften(canvas, 0.6 * random.uniform() * random.uniform());
    scan(canvas, random, pixels);
}

} // namespace culprit::data
