// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/failure_group_menu.h"

#include <QHash>
#include <QLocale>
#include <algorithm>
#include <map>
#include <utility>

namespace culprit::ui {

FailureGroupMenu::FailureGroupMenu(Investigation* investigation, QWidget* parent)
    : QMenu(parent), m_investigation(investigation)
{
    setObjectName(QStringLiteral("failures.groups"));
    connect(this, &QMenu::aboutToShow, this, &FailureGroupMenu::ask);
    connect(investigation, &Investigation::evaluationChanged, this, &FailureGroupMenu::forget);
}

bool FailureGroupMenu::isGroup(const QList<qint64>& rows) const
{
    return std::any_of(m_groups.begin(), m_groups.end(),
                       [&](const Group& group) { return group.rows == rows; });
}

void FailureGroupMenu::ask()
{
    if (!m_groups.isEmpty())
        return showGroups();
    if (m_job)
        return;
    say(tr("Looking for failures that fail alike…"));
    auto* job = m_investigation->engine().failureGroups();
    m_job = job;
    job->whenFinished(this, [this, job](const FailureGroupsReply& reply) {
        if (m_job == job)
            take(reply);
    });
    connect(job, &EngineJob::failed, this, [this, job](const Error& error) {
        if (m_job == job)
            say(m_investigation->shown(QString::fromStdString(error.text)));
    });
    connect(job, &EngineJob::ended, this, [this, job] {
        if (m_job == job)
            m_job = nullptr;
    });
}

void FailureGroupMenu::forget()
{
    m_groups.clear();
    m_job = nullptr; // its answer is about other failures
}

void FailureGroupMenu::take(const FailureGroupsReply& reply)
{
    const auto& evaluation = m_investigation->findings().evaluation;
    if (!evaluation || reply.groups.size() != evaluation->failures.size())
        return say(tr("The failures have changed meanwhile; open this menu again."));
    m_groups.resize(reply.count);
    m_alone = 0;
    for (qsizetype i = 0; i < reply.groups.size(); ++i)
        if (const auto group = reply.groups[i]; group >= 0)
            m_groups[group].rows << evaluation->failures[i];
        else
            ++m_alone;
    for (Group& group : m_groups)
        group.name = nameOf(group.rows);
    tellNamesakesApart();
    showGroups();
}

/// By what most of them are taken for.
QString FailureGroupMenu::nameOf(const QList<qint64>& rows) const
{
    const Findings& findings = m_investigation->findings();
    std::map<std::pair<std::int32_t, std::int32_t>, int> counts;
    for (const qint64 row : rows)
        ++counts[{findings.data->test.labels[row], findings.evaluation->predicted[row]}];
    const auto most = std::max_element(counts.begin(), counts.end(),
                                       [](const auto& a, const auto& b) { return a.second < b.second; });
    const QStringList& classes = findings.data->classes;
    const QString name =
        tr("%1 taken for %2").arg(classes.value(most->first.first), classes.value(most->first.second));
    return most->second == rows.size() ? name : tr("mostly %1").arg(name);
}

void FailureGroupMenu::tellNamesakesApart()
{
    QHash<QString, int> count;
    for (const Group& group : m_groups)
        ++count[group.name];
    QHash<QString, int> seen;
    for (Group& group : m_groups)
        if (count[group.name] > 1)
            group.name = tr("%1, kind %2").arg(group.name).arg(++seen[group.name]);
}

void FailureGroupMenu::showGroups()
{
    clear();
    for (const Group& group : m_groups) {
        const QString text = tr("%1 (%2)", "failures that fail alike (number)")
                                 .arg(group.name, QLocale().toString(group.rows.size()));
        connect(addAction(QString(text).replace(QLatin1Char('&'), QLatin1String("&&"))), &QAction::triggered,
                this, [this, group] { Q_EMIT chosen(group.name, group.rows); });
    }
    if (m_alone > 0)
        addAction(tr("%Ln failure(s) fail like no other", nullptr, static_cast<int>(m_alone)))
            ->setEnabled(false);
}

void FailureGroupMenu::say(const QString& sentence)
{
    clear();
    addAction(sentence)->setEnabled(false);
}

} // namespace culprit::ui
