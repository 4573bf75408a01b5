// SPDX-License-Identifier: GPL-3.0-or-later
// What the tests of plots and bars show: a confusion of digits, one of many classes, scores with a tail of
// culprits, the figures of a repair. Made up, always the same.
#pragma once

#include "evaluation/accuracy.h"
#include "widgets/before_after_bars.h"
#include "widgets/removal_curve.h"

#include <QStringList>
#include <QTranslator>

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>
#include <vector>

namespace samples {

inline QStringList digits()
{
    QStringList names;
    for (int i = 0; i < 10; ++i)
        names << QString::number(i);
    return names;
}

inline QStringList manyNames(int classes)
{
    static const QStringList stems{"harbour seal", "paddle steamer", "lynx", "cello",
                                   "windmill, seen from afar"};
    QStringList names;
    for (int i = 0; i < classes; ++i)
        names << QStringLiteral("%1 %2").arg(stems[i % stems.size()]).arg(i);
    return names;
}

/// `right` images of every class on the diagonal, a few fixed pairs that are often confused, scattered
/// mistakes.
inline culprit::evaluation::Confusion confusion(int classes, int right)
{
    culprit::evaluation::Confusion made{classes, {}};
    made.counts.assign(static_cast<std::size_t>(classes) * static_cast<std::size_t>(classes), 0);
    std::mt19937 random(7);
    for (int label = 0; label < classes; ++label) {
        for (int predicted = 0; predicted < classes; ++predicted) {
            const auto draw = static_cast<std::int64_t>(random() % 23);
            std::int64_t count = draw < 6 ? draw : 0;
            if (label == predicted)
                count = right - static_cast<std::int64_t>(random() % 40);
            else if ((label * 3 + 1) % classes == predicted)
                count = 34 + static_cast<std::int64_t>(random() % 30);
            made.counts[static_cast<std::size_t>(label * classes + predicted)] =
                std::max<std::int64_t>(count, 0);
        }
    }
    return made;
}

/// Descending: most around zero, some with a tail to the right.
inline std::vector<float> scores(int images)
{
    std::mt19937 random(11);
    std::vector<float> made;
    for (int i = 0; i < images; ++i) {
        const float u = static_cast<float>(random() % 100000) / 100000.0F;
        const float v = static_cast<float>(random() % 100000) / 100000.0F;
        const float bell = std::sqrt(-2.0F * std::log(u + 1e-6F)) * std::cos(6.2831853F * v);
        made.push_back(i % 40 == 0 ? 3.0F + 2.5F * std::abs(bell) : bell * 0.6F);
    }
    std::sort(made.begin(), made.end(), std::greater<>());
    return made;
}

inline culprit::ui::RepairFigures repair()
{
    return {.before = {.query = 0.0, .holdout = 0.0, .remaining = 1.0, .test = 0.874},
            .after = {.query = 0.81, .holdout = 0.635, .remaining = 0.991, .test = 0.957},
            .control =
                culprit::evaluation::Accuracies{
                    .query = 0.09, .holdout = 0.07, .remaining = 0.996, .test = 0.881},
            .sizes = {.query = 63, .holdout = 63, .remaining = 874, .test = 1000},
            .fixed = 91,
            .broken = 8};
}

inline culprit::ui::RepairFigures noRepair()
{
    auto figures = repair();
    figures.after = figures.before;
    figures.control = figures.before;
    figures.fixed = 0;
    figures.broken = 0;
    return figures;
}

inline std::vector<culprit::ui::RemovalPoint> removal()
{
    std::vector<culprit::ui::RemovalPoint> points;
    for (int i = 0; i <= 10; ++i) {
        const double x = i / 10.0;
        points.push_back({.removed = i * 50,
                          .holdout = 0.68 * (1.0 - std::exp(-3.5 * x)) - 0.06 * x,
                          .remaining = 1.0 - 0.02 * x * x,
                          .randomHoldout = culprit::evaluation::Interval{0.02 * x, 0.05 + 0.06 * x}});
    }
    return points;
}

/// A language in which every text is 40 % longer and wears accents.
class LongTranslator : public QTranslator {
public:
    bool isEmpty() const override { return false; }

    QString translate(const char*, const char* source, const char*, int) const override
    {
        QString text = QString::fromUtf8(source);
        const auto extra = static_cast<qsizetype>(std::ceil(static_cast<double>(text.size()) * 0.4));
        QString tail;
        while (tail.size() < extra)
            tail += QStringLiteral(" ēxtrå");
        text.replace('a', QStringLiteral("ä")).replace('e', QStringLiteral("ē"));
        return text + tail.left(extra);
    }
};

} // namespace samples
