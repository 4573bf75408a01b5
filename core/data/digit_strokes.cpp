// SPDX-License-Identifier: GPL-3.0-or-later
// The paths are written as text, in hundredths of the box: "x,y" is a knot, "!" after it makes it a corner,
// "|" lifts the pen.
#include "data/digit_strokes.h"

#include <array>
#include <cstddef>
#include <sstream>
#include <string>

namespace culprit::data {

namespace {

using Styles = std::vector<WritingStyle>;

WritingStyle style(double share, double width, const char* path)
{
    WritingStyle style{.share = share, .width = width, .strokes = {{}}};
    std::istringstream words(path);
    for (std::string word; words >> word;) {
        if (word == "|") {
            style.strokes.emplace_back();
            continue;
        }
        const auto comma = word.find(',');
        const int x = std::stoi(word.substr(0, comma));
        const int y = std::stoi(word.substr(comma + 1));
        style.strokes.back().push_back({x / 100.0, y / 100.0, word.back() == '!'});
    }
    return style;
}

Styles zeros()
{
    return {
        // Round, from the top, closing where it began.
        style(1.0, 0.72, "55,2 22,14 6,48 18,86 48,100 80,84 94,46 78,12 52,2"),
        // Narrow, running past its beginning.
        style(0.8, 0.62, "62,6 34,10 12,44 16,84 44,100 76,78 90,40 74,8 46,0 26,12"),
        // From the upper left, clockwise at the end over the start.
        style(0.6, 0.76, "34,7 10,34 8,72 40,99 80,82 94,40 72,8 42,4"),
        // With a curl inside the top.
        style(0.25, 0.74, "74,14 44,2 12,30 12,76 46,100 82,76 88,32 64,5 40,12 50,24"),
        // Unclosed: a hurried one, close to a 6.
        style(0.06, 0.7, "66,0 30,14 8,50 16,88 48,100 84,84 90,50 74,26 50,20"),
        // Broad and low, begun on the right.
        style(0.35, 0.95, "86,20 50,2 10,26 8,70 44,98 86,80 96,42 78,12"),
    };
}

Styles ones()
{
    return {
        style(1.6, 0.7, "50,0 50,33 50,67 50,100"),
        // Bent like a stem.
        style(0.5, 0.7, "53,0 49,35 48,70 52,100"),
        // With an upstroke.
        style(0.55, 0.7, "26,24 40,14 54,0! 53,50 52,100"),
        // With upstroke and base.
        style(0.28, 0.7, "30,20 42,12 54,0! 53,50 52,98 | 20,100 50,98 84,99"),
        // A long, flat upstroke: close to a 7.
        style(0.05, 0.7, "12,26 34,14 60,0! 55,50 50,100"),
    };
}

Styles twos()
{
    return {
        // Sharp turn at the foot.
        style(1.0, 0.74, "12,26 26,6 56,0 84,16 80,42 50,72 10,97! 50,96 94,95"),
        // A loop at the foot.
        style(0.9, 0.8, "15,22 36,3 68,5 78,30 56,66 22,95 6,90 18,76 42,86 66,98 96,88"),
        // Little bow, close to a Z.
        style(0.35, 0.76, "10,10 44,2 80,10 74,36 42,70 8,96! 36,93 66,98 95,93"),
        // Swan: a hooked head, a waved foot.
        style(0.6, 0.74, "30,30 16,22 30,4 64,2 84,22 64,56 32,82 8,97! 36,90 62,98 95,98"),
        // A short neck on a long foot.
        style(0.3, 0.9, "16,20 32,3 58,4 64,28 44,62 14,92! 50,94 100,100"),
        // Round head and a falling foot.
        style(0.3, 0.78, "10,28 14,8 44,0 66,14 66,40 40,76 14,86 8,76 30,72 60,86 96,100"),
        // The foot barely started: close to a 7.
        style(0.03, 0.7, "8,14 40,2 84,10 74,40 50,72 30,98! 48,97 62,96"),
    };
}

Styles threes()
{
    return {
        // Two bows meeting in a point.
        style(1.0, 0.7, "12,14 40,0 76,10 76,33 40,47! 78,54 90,78 56,100 6,90"),
        // A small loop at the waist.
        style(0.5, 0.72, "15,10 46,0 76,14 66,36 40,48 30,44 44,42 78,54 86,82 48,100 8,88"),
        // Flat top.
        style(0.2, 0.7, "12,4 44,2 80,3! 62,20 40,40! 72,45 90,70 62,98 8,92"),
        // Smooth waist.
        style(0.7, 0.68, "10,12 44,0 78,14 70,36 48,48 74,58 88,80 54,100 6,92"),
        // A small head on a broad bow.
        style(0.35, 0.76, "20,10 46,0 66,12 56,30 32,38! 74,44 96,70 64,98 4,94"),
        // A broad head on a small bow.
        style(0.25, 0.76, "4,14 46,0 92,12 80,36 40,52! 66,58 72,80 46,100 14,96"),
        // Ends curled far in: close to an 8.
        style(0.1, 0.72, "24,24 20,10 48,0 78,14 70,36 40,48! 76,56 86,82 48,100 14,86 20,70"),
    };
}

Styles fours()
{
    return {
        // Open, angular.
        style(1.0, 0.74, "22,4 12,30 8,56! 48,55 94,50 | 78,2 70,50 64,100"),
        // Open, rounded: a cup and a stem.
        style(0.8, 0.7, "20,2 10,30 20,52 50,54 84,42 | 86,0 80,48 74,100"),
        // Closed, from the top.
        style(0.4, 0.76, "66,0 36,30 5,63! 50,62 96,60 | 67,2 66,50 65,100"),
        // In one line: cup, up, and down the stem.
        style(0.6, 0.7, "18,4 8,34 26,53 60,42 86,6! 78,50 70,100"),
        // Wide, with a short stem.
        style(0.3, 0.95, "18,6 10,36 6,66! 50,62 100,54 | 72,22 66,60 62,100"),
        // A steep cup and a crossing stroke.
        style(0.35, 0.7, "40,0 24,30 6,62! 40,64 94,58 | 64,30 58,66 54,100"),
        // The cup leans in and nearly closes: close to a 9.
        style(0.07, 0.66, "44,5 16,22 14,46 46,50 80,32 | 82,6 78,50 72,100"),
    };
}

Styles fives()
{
    return {
        // Body first, the bar after.
        style(0.8, 0.74, "25,4 21,24 17,44! 46,37 82,52 84,80 50,100 7,92 | 25,5 56,4 92,0"),
        // In one line from the bar.
        style(0.8, 0.74, "90,1 58,3 28,5! 23,24 18,43! 50,37 84,56 80,84 46,100 8,93"),
        // Rounded like an S.
        style(0.45, 0.7, "90,5 56,1 26,14 28,38 60,48 84,68 64,95 10,94"),
        // Slanting, the bar left hanging.
        style(0.4, 0.8, "34,10 24,28 16,46! 44,40 70,58 66,84 38,100 2,92 | 42,4 68,3 98,2"),
        // A long bar over a small bow.
        style(0.3, 0.86, "100,0 66,4 30,8! 24,28 20,46! 44,42 64,58 58,84 34,100 4,96"),
        // The bow curls up to the body: close to a 6.
        style(0.04, 0.7, "82,2 54,3 30,10 18,44! 50,42 84,58 80,86 48,100 16,88 14,72"),
    };
}

Styles sixes()
{
    return {
        style(1.0, 0.68, "70,0 36,22 12,58 20,90 50,100 84,84 78,60 48,54 16,72"),
        // Straight back.
        style(0.8, 0.62, "46,0 24,36 10,70 28,98 66,96 84,74 60,56 28,64 14,82"),
        // Hooked top.
        style(0.4, 0.72, "86,12 62,0 30,18 8,60 24,95 60,99 86,76 64,54 30,60 12,80"),
        // Small head, curling inwards.
        style(0.5, 0.66, "64,0 28,30 10,66 20,94 52,100 78,86 72,70 46,68 30,82 42,90"),
        // A broad ring.
        style(0.4, 0.85, "44,0 20,26 4,62 14,94 52,100 96,86 92,60 54,52 22,70 12,84"),
        // Leaning far over its ring.
        style(0.3, 0.8, "96,4 56,14 22,46 10,80 34,100 66,90 66,66 40,58 14,76"),
        // A big head up to the top: close to a 0.
        style(0.05, 0.7, "60,0 26,16 8,54 18,90 50,100 86,82 84,50 56,32 18,50"),
    };
}

Styles sevens()
{
    return {
        style(1.0, 0.72, "6,9 46,6 90,4! 66,46 42,100"),
        // Barred.
        style(0.4, 0.74, "6,10 46,7 90,4! 66,46 44,100 | 26,54 54,52 84,48"),
        // Hooked at the start.
        style(0.45, 0.74, "8,24 11,7! 50,8 90,5! 62,50 46,100"),
        // Bent instead of cornered.
        style(0.6, 0.72, "6,14 36,4 84,6 78,34 56,66 44,100"),
        // Barred, on a bent stem.
        style(0.25, 0.78, "4,14 34,4 84,8! 72,36 54,66 46,100 | 30,56 58,52 90,50"),
        // A long roof.
        style(0.3, 0.9, "0,16 40,6 96,0! 80,34 66,66 60,100"),
        // Steep, with a short bar: close to a 1.
        style(0.05, 0.6, "18,14 40,8 66,2! 58,50 48,100"),
    };
}

Styles eights()
{
    return {
        // One line, beginning at the upper right.
        style(1.0, 0.68, "76,14 46,0 18,18 44,45 82,74 50,100 16,78 46,48 78,26 72,10"),
        // One ring on another.
        style(0.4, 0.66, "50,47 20,30 30,5 66,3 80,26 50,48 | 50,47 14,70 30,98 70,98 88,70 50,46"),
        // Narrow, beginning at the top.
        style(0.7, 0.58, "56,0 20,14 30,38 72,62 76,90 40,100 16,82 40,52 80,26 78,6 52,0"),
        // A wide top over a narrow foot.
        style(0.3, 0.76, "86,16 50,0 14,16 36,42 66,70 50,100 26,82 46,54 84,32 80,10"),
        // Crossing straight, from the upper left.
        style(0.3, 0.7, "24,10 40,36 72,66 74,90 46,100 22,84 40,56 74,26 72,6 44,0 22,14"),
        // The upper ring left open.
        style(0.4, 0.7, "82,6 48,2 20,16 42,44 80,74 50,100 16,80 44,50 70,30 90,10"),
        // The left side hardly drawn: close to a 3.
        style(0.05, 0.66, "30,26 24,10 52,0 78,14 66,36 36,48 72,56 86,80 50,100 18,84 30,60"),
    };
}

Styles nines()
{
    return {
        // Ring and straight stem.
        style(1.0, 0.66, "80,14 50,1 16,20 20,46 50,50 76,32 84,8! 78,50 70,100"),
        // Ring and hooked stem.
        style(0.5, 0.66, "80,14 50,0 18,20 24,46 52,48 80,28 85,10! 84,50 72,86 42,100 14,92"),
        // Without a corner: the ring runs on into the stem.
        style(0.8, 0.64, "72,36 44,50 16,36 24,10 56,0 80,16 78,50 70,76 58,100"),
        // A small ring on a long stem.
        style(0.45, 0.56, "76,10 46,2 20,16 30,36 58,34 80,12! 72,50 58,100"),
        // A broad ring, its stem leaning away.
        style(0.3, 0.8, "74,10 40,0 6,22 14,46 48,44 76,16! 78,48 86,78 92,100"),
        // A hooked stem under a flat ring.
        style(0.25, 0.72, "86,8 46,2 10,22 26,42 62,36 84,14! 88,48 76,84 44,98 20,84"),
        // The ring left open at the top: close to a 4.
        style(0.07, 0.66, "50,2 18,16 14,42 44,50 80,30 86,4! 79,50 72,100"),
    };
}
} // namespace

std::span<const WritingStyle> writingStyles(std::int32_t digit)
{
    static const std::array<Styles, 10> all{zeros(), ones(),  twos(),   threes(), fours(),
                                            fives(), sixes(), sevens(), eights(), nines()};
    return all[static_cast<std::size_t>(digit)];
}

} // namespace culprit::data
