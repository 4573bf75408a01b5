// SPDX-License-Identifier: GPL-3.0-or-later
// What the pages have in common: the investigation they show, the two things that linked views share, where
// pictures come from, and what they tell the window around them.
#pragma once

#include "client/investigation.h"
#include "models/image_list_model.h"
#include "models/image_selection.h"
#include "models/thumbnail_store.h"
#include "pages/step_rail.h"

#include <QJsonObject>
#include <QWidget>

namespace culprit::ui {

class ReviewDesk;

/// None of it is owned by a page; all of it lives longer.
struct Workplace {
    Investigation* investigation = nullptr;
    ImageSelection* selection = nullptr;
    ThumbnailSource* pictures = nullptr;
    ReviewDesk* desk = nullptr; ///< Null on pages that have nothing to do with decisions.
};

/// "reading images: 31,200 of 60,000"; the phase alone where there is no total.
QString progressInWords(const QString& phase, qint64 done, qint64 total);

class Page : public QWidget {
    Q_OBJECT

public:
    explicit Page(const Workplace& workplace, QWidget* parent = nullptr)
        : QWidget(parent), m_workplace(workplace)
    {
    }

    /// What the status line says while the page shows: "214 selected, 31 hidden by the filter". May be empty.
    virtual QString status() const { return {}; }

    /// The images that the loupe walks through; null where the page has no grid.
    virtual ImageListModel* images() const { return nullptr; }

    /// How the page's grid is filtered and sorted, as a project keeps it; empty without a grid.
    virtual QJsonObject layout() const;
    /// From a file that is not trusted.
    virtual void restoreLayout(const QJsonObject& layout);

    /// Whether the window shows its inspector beside the page: where there is a grid, and no closer look of
    /// the page's own.
    virtual bool wantsInspector() const { return images() != nullptr; }

Q_SIGNALS:
    void statusChanged();
    void loupeRequested(const culprit::data::ImageId& id);
    /// "Find causes" on the page before leads to the page after.
    void stepWanted(culprit::ui::Step step);

protected:
    Investigation& investigation() const { return *m_workplace.investigation; }
    const Findings& findings() const { return m_workplace.investigation->findings(); }
    ImageSelection& selection() const { return *m_workplace.selection; }
    ThumbnailSource& pictures() const { return *m_workplace.pictures; }
    ReviewDesk& desk() const { return *m_workplace.desk; }

private:
    Workplace m_workplace;
};

} // namespace culprit::ui
