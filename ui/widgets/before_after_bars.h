// SPDX-License-Identifier: GPL-3.0-or-later
// What a treatment changed: accuracy before and after on the query failures, the held-out failures, the
// remaining images and the whole test set, with 95 % intervals, and beside it the same treatment of as many
// random images.
#pragma once

#include "evaluation/accuracy.h"
#include "models/figures_model.h"
#include "widgets/plot_view.h"

#include <array>
#include <optional>

class QCPBars;
class QCPErrorBars;
class QLabel;

namespace culprit::ui {

struct RepairFigures {
    struct Sizes {
        std::int64_t query = 0;
        std::int64_t holdout = 0;
        std::int64_t remaining = 0;
        std::int64_t test = 0;
    };

    evaluation::Accuracies before;
    evaluation::Accuracies after;
    std::optional<evaluation::Accuracies> control; ///< After the random control.
    Sizes sizes;                                   ///< Images in each group.
    std::int64_t fixed = 0;
    std::int64_t broken = 0;
};

/// One bar: a share in [0, 1], NaN without images, and its interval where it has one.
struct RepairBar {
    double share = 0.0;
    std::optional<evaluation::Interval> interval;
};

class BarsOverlay;

class BeforeAfterBars : public PlotView {
    Q_OBJECT

public:
    explicit BeforeAfterBars(QWidget* parent = nullptr);

    void setFigures(const RepairFigures& figures);

    /// "12 images fixed, 3 broken", or that nothing changed.
    QString summary() const;

protected:
    void recolor() override;

private:
    friend class BarsOverlay;

    static constexpr int groupCount = 4;
    enum Series { Before, After, Control, SeriesCount };

    struct Group {
        QString name;
        QString remark;
        std::array<RepairBar, SeriesCount> bars;
    };

    void setUpPlot();
    void buildGroups(const RepairFigures& figures);
    void drawBars();
    void fillTable();
    void speak();
    int seriesShown() const { return m_hasControl ? SeriesCount : Control; }
    static double keyOf(int group, int series, int seriesShown);

    std::array<Group, groupCount> m_groups;
    bool m_hasControl = false;
    bool m_changed = false;
    QString m_summary;
    FiguresModel m_figures;
    QLabel* m_note;
    std::array<QCPBars*, SeriesCount> m_bars{};
    std::array<QCPErrorBars*, SeriesCount> m_whiskers{};
    BarsOverlay* m_overlay = nullptr;
};

} // namespace culprit::ui
