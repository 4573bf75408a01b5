// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/method_choice.h"

#include <QCoreApplication>
#include <QStandardItemModel>
#include <algorithm>
#include <array>

namespace culprit::ui {
namespace {

struct Method {
    const char* name;
    const char* title;
    const char* remark; ///< Behind the title in the list; null where there is none.
    const char* explanation;
};

constexpr const char* marginMethod = "margin";

// clang-format off
constexpr std::array<Method, 13> methods{{
    {"culprit", QT_TRANSLATE_NOOP("culprit::ui::MethodChoice", "Culprit"),
     QT_TRANSLATE_NOOP("culprit::ui::MethodChoice", "recommended"),
     QT_TRANSLATE_NOOP("culprit::ui::MethodChoice",
                       "Joins two questions: does the image argue for your failures, and is its label doubtful?")},
    {"linear", QT_TRANSLATE_NOOP("culprit::ui::MethodChoice", "Linear"),
     QT_TRANSLATE_NOOP("culprit::ui::MethodChoice", "quick preview"),
     QT_TRANSLATE_NOOP("culprit::ui::MethodChoice",
                       "Estimates in one step how learning your failures would change the model: the quickest look.")},
    {"ewc", QT_TRANSLATE_NOOP("culprit::ui::MethodChoice", "EWC"),
     QT_TRANSLATE_NOOP("culprit::ui::MethodChoice", "the paper's method"),
     QT_TRANSLATE_NOOP("culprit::ui::MethodChoice",
                       "Lets the model learn your failures and sees which training images become unlikely.")},
    {"ewc-rehearsed", QT_TRANSLATE_NOOP("culprit::ui::MethodChoice", "EWC, rehearsed"), nullptr,
     QT_TRANSLATE_NOOP("culprit::ui::MethodChoice",
                       "As EWC, while the model goes over images whose neighbours confirm their label.")},
    {"kfac", QT_TRANSLATE_NOOP("culprit::ui::MethodChoice", "K-FAC"), nullptr,
     QT_TRANSLATE_NOOP("culprit::ui::MethodChoice",
                       "As EWC, with a finer account of how the model's parts hang together.")},
    {"sgd", QT_TRANSLATE_NOOP("culprit::ui::MethodChoice", "SGD"), nullptr,
     QT_TRANSLATE_NOOP("culprit::ui::MethodChoice",
                       "As EWC, but nothing holds the model to what it has learned before.")},
    {"linear-identity", QT_TRANSLATE_NOOP("culprit::ui::MethodChoice", "Linear, all weights alike"), nullptr,
     QT_TRANSLATE_NOOP("culprit::ui::MethodChoice",
                       "As Linear, with every part of the model counted the same.")},
    {"knn", QT_TRANSLATE_NOOP("culprit::ui::MethodChoice", "Neighbours"), nullptr,
     QT_TRANSLATE_NOOP("culprit::ui::MethodChoice",
                       "Looks for images whose neighbours carry another label, whatever your failures are.")},
    {marginMethod, QT_TRANSLATE_NOOP("culprit::ui::MethodChoice", "Margin"), nullptr,
     QT_TRANSLATE_NOOP("culprit::ui::MethodChoice",
                       "Looks for images that the model found hard to learn while it was trained.")},
    {"confident-learning", QT_TRANSLATE_NOOP("culprit::ui::MethodChoice", "Confident learning"), nullptr,
     QT_TRANSLATE_NOOP("culprit::ui::MethodChoice",
                       "Looks for images that a model which has not seen them is sure to belong to another class.")},
    {"self-influence", QT_TRANSLATE_NOOP("culprit::ui::MethodChoice", "Self-influence"), nullptr,
     QT_TRANSLATE_NOOP("culprit::ui::MethodChoice",
                       "Looks for images that only themselves speak for their label.")},
    {"loss", QT_TRANSLATE_NOOP("culprit::ui::MethodChoice", "Loss"), nullptr,
     QT_TRANSLATE_NOOP("culprit::ui::MethodChoice",
                       "Looks for images that the model still gets wrong: the simplest thing to try.")},
    {"random", QT_TRANSLATE_NOOP("culprit::ui::MethodChoice", "Random"), nullptr,
     QT_TRANSLATE_NOOP("culprit::ui::MethodChoice",
                       "A ranking by chance: what every other method has to beat.")},
}};
// clang-format on

const Method* methodNamed(const QString& name)
{
    const auto* const found = std::find_if(methods.begin(), methods.end(), [&](const Method& method) {
        return name == QLatin1String(method.name);
    });
    return found == methods.end() ? nullptr : found;
}

QString translated(const char* text)
{
    return QCoreApplication::translate("culprit::ui::MethodChoice", text);
}

} // namespace

MethodChoice::MethodChoice(QWidget* parent) : QComboBox(parent)
{
    for (const Method& method : methods) {
        const QString title = translated(method.title);
        const QString text =
            method.remark ? tr("%1 (%2)", "method (remark)").arg(title, translated(method.remark)) : title;
        addItem(text, QString::fromLatin1(method.name));
        setItemData(count() - 1, translated(method.explanation), Qt::ToolTipRole);
    }
    setAccessibleName(tr("Method"));
    setSizeAdjustPolicy(AdjustToContents);
    connect(this, &QComboBox::currentIndexChanged, this, [this] {
        setToolTip(explanation());
        setAccessibleDescription(explanation());
        Q_EMIT methodChanged(method());
    });
    setToolTip(explanation());
}

QString MethodChoice::method() const
{
    return currentData().toString();
}

void MethodChoice::setMethod(const QString& method)
{
    const int index = findData(method);
    if (index >= 0)
        setCurrentIndex(index);
}

QString MethodChoice::explanation() const
{
    const Method* method = methodNamed(this->method());
    return method ? translated(method->explanation) : QString();
}

QString MethodChoice::titleOf(const QString& method)
{
    const Method* known = methodNamed(method);
    return known ? translated(known->title) : method;
}

void MethodChoice::setMarginsKnown(bool known)
{
    const int index = findData(QString::fromLatin1(marginMethod));
    auto* items = qobject_cast<QStandardItemModel*>(model());
    items->item(index)->setEnabled(known);
    setItemData(index,
                known ? translated(methodNamed(QString::fromLatin1(marginMethod))->explanation)
                      : tr("Only for models that were trained with Culprit: it notes the margins."),
                Qt::ToolTipRole);
    if (!known && currentIndex() == index)
        setCurrentIndex(0);
}

} // namespace culprit::ui
