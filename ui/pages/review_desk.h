// SPDX-License-Identifier: GPL-3.0-or-later
// Where a person decides: one set of actions with keys, what they act on, and which image comes next. Bars
// and menus show the actions; grid and loupe answer to their keys.
#pragma once

#include "client/review.h"
#include "models/image_list_model.h"
#include "models/image_selection.h"
#include "models/review_keys.h"
#include "widgets/icons.h"

#include <QHash>
#include <QObject>
#include <QPointer>

class QAction;

namespace culprit::ui {

class ReviewDesk : public QObject {
    Q_OBJECT

public:
    /// None of the three is owned; all have to live longer.
    ReviewDesk(Review* review, ImageSelection* selection, ReviewKeys* keys, QObject* parent = nullptr);

    Review& review() const { return *m_review; }
    ReviewKeys& keys() const { return *m_keys; }

    /// The training images in the order of looking; not owned. Its decisions are kept up to date.
    void setImages(ImageListModel* images);
    ImageListModel* images() const { return m_images; }

    /// Single letters and digits act while the focus is in this widget, and nowhere else.
    void actIn(QWidget* widget);

    /// By the name of ReviewKeys; null for a name that is none of the desk's. "review.undo" and "review.redo"
    /// work in all of the window that they are added to.
    QAction* action(const QString& name) const { return m_actions.value(name); }
    /// "review.goOn": whether the next undecided image becomes current after a decision. Checkable.
    QAction* goOnAction() const { return m_goOn; }
    void drawIcons(const QPalette& palette);

    /// While the loupe is open, decisions are about the image that it shows, whatever else is selected.
    void setLoupeOpen(bool open);

    /// What a decision is about now, ascending: the selected images that are shown, where there are several
    /// and the current one is among them; else the current image. Only training images.
    std::vector<data::ImageId> targets() const;
    /// "train 4,137", "12 selected images"; empty without targets.
    QString targetsInWords() const;

    /// The class that the targets are relabelled to.
    void relabel(std::int32_t label);
    void setNote(const std::vector<data::ImageId>& ids, const QString& note);

Q_SIGNALS:
    /// What could be decided about is another image now, or is decided otherwise.
    void targetsChanged();
    /// A class is to be chosen from a list, `typed` being the beginning of the answer.
    void classWanted(const QString& typed);
    void noteWanted();
    /// There is nothing left to decide in the list.
    void everythingDecided();

private:
    void makeActions();
    QAction* make(const QString& name, const QString& text, std::optional<Icon> icon,
                  void (ReviewDesk::*what)());
    void makeClassActions();
    void decide(review::Verdict verdict);
    void keep() { decide(review::Verdict::Keep); }
    void exclude() { decide(review::Verdict::Exclude); }
    void flag() { decide(review::Verdict::Flag); }
    void undecide() { decide(review::Verdict::Undecided); }
    void takeSuggestions();
    void askForClass() { Q_EMIT classWanted(QString()); }
    void askForNote() { Q_EMIT noteWanted(); }
    void classKey(int digit);
    void undo();
    void redo();
    void showWhatChanged(const std::vector<data::ImageId>& ids);
    void goOnAfter(const std::vector<data::ImageId>& ids);
    void goToNext();
    void nameKeys();
    void refresh();
    void refreshUndo();
    qsizetype classCount() const;

    Review* m_review;
    ImageSelection* m_selection;
    ReviewKeys* m_keys;
    QPointer<ImageListModel> m_images;
    QHash<QString, QAction*> m_actions;
    QList<QAction*> m_onImages; ///< Those that need an image.
    QList<std::pair<QAction*, Icon>> m_pictured;
    QAction* m_goOn;
    bool m_isLoupeOpen = false;
    bool m_isTakingBack = false;
};

} // namespace culprit::ui
