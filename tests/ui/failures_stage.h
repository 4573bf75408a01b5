// SPDX-License-Identifier: GPL-3.0-or-later
// The failures page with everything it works with, on findings that a test makes up: no engine runs behind
// it.
#pragma once

#include "image_samples.h"
#include "investigation_samples.h"

#include "pages/failures_page.h"

#include <QVBoxLayout>

namespace culprit::ui::samples {

inline const data::DemoSet& smallDemo()
{
    static const data::DemoSet demo = data::drawDemoSet({.train = 600, .test = 400});
    return demo;
}

/// Evaluated and divided; causes not yet sought.
inline Findings failuresOf(const data::DemoSet& demo)
{
    Findings made;
    made.data = dataOf(demo);
    made.model = modelOf(*made.data);
    made.evaluation = evaluationOf(*made.data);
    made.failureSet.name = QStringLiteral("all misclassified");
    made.split = splitOf(*made.evaluation);
    return made;
}

/// Says of every image what `saidOf` makes of its row and label.
template <typename Says>
Findings findingsWhere(const data::DemoSet& demo, const QStringList& classes, Says says)
{
    Findings made = failuresOf(demo);
    made.data->classes = classes;
    EvaluationReply& reply = *made.evaluation;
    const qsizetype count = classes.size();
    reply.failures.clear();
    reply.confusion.classes = count;
    reply.confusion.counts.assign(static_cast<std::size_t>(count * count), 0);
    for (qsizetype row = 0; row < reply.predicted.size(); ++row) {
        std::int32_t& label = made.data->test.labels[row];
        const std::pair<std::int32_t, std::int32_t> cell = says(row, label);
        label = cell.first;
        reply.predicted[row] = cell.second;
        ++reply.confusion.counts[static_cast<std::size_t>(cell.first * count + cell.second)];
        if (cell.first != cell.second)
            reply.failures << row;
    }
    reply.accuracy =
        1.0 - static_cast<double>(reply.failures.size()) / static_cast<double>(reply.predicted.size());
    made.split = splitOf(reply);
    return made;
}

inline Findings perfect(const data::DemoSet& demo)
{
    Findings made = findingsWhere(demo, digits(), [](qsizetype, std::int32_t label) {
        return std::pair{label, label};
    });
    made.split.reset();
    return made;
}

inline Findings oneFailure(const data::DemoSet& demo)
{
    return findingsWhere(demo, digits(), [](qsizetype row, std::int32_t label) {
        return std::pair{label, row == 41 ? (label + 3) % 10 : label};
    });
}

inline Findings twoClasses(const data::DemoSet& demo)
{
    const QStringList names{QStringLiteral("benign"), QStringLiteral("malignant")};
    return findingsWhere(demo, names, [](qsizetype row, std::int32_t label) {
        const std::int32_t given = label % 2;
        return std::pair{given, row % 11 == 3 ? 1 - given : given};
    });
}

inline Findings manyClasses(const data::DemoSet& demo, int classes)
{
    QStringList names;
    for (int index = 0; index < classes; ++index)
        names << QStringLiteral("species number %1").arg(index);
    return findingsWhere(demo, names, [classes](qsizetype row, std::int32_t) {
        const auto given = static_cast<std::int32_t>(row * 379 % classes);
        return std::pair{given, row % 3 == 0 ? (given * 7 + 11) % classes : given};
    });
}

class FailuresStage : public QWidget {
public:
    explicit FailuresStage(const std::optional<Findings>& findings = std::nullopt)
        : m_source(smallDemo()), m_investigation(&m_engine),
          m_page(std::make_unique<FailuresPage>(Workplace{&m_investigation, &m_selection, &m_source}))
    {
        auto* column = new QVBoxLayout(this);
        column->setContentsMargins(0, 0, 0, 0);
        column->addWidget(m_page.get());
        if (findings)
            m_investigation.adopt(*findings);
    }

    EngineClient& engine() { return m_engine; }
    Investigation& investigation() { return m_investigation; }
    ImageSelection& selection() { return m_selection; }
    DemoSource& source() { return m_source; }
    FailuresPage& page() { return *m_page; }

private:
    DemoSource m_source;
    EngineClient m_engine; ///< Not started unless a test does: what is asked of it waits.
    Investigation m_investigation;
    ImageSelection m_selection;
    std::unique_ptr<FailuresPage> m_page; ///< Last, so that it goes first.
};

} // namespace culprit::ui::samples
