// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/keys_dialog.h"

#include "widgets/theme.h"

#include <QAction>
#include <QDialogButtonBox>
#include <QGridLayout>
#include <QLabel>
#include <QScrollArea>
#include <QVBoxLayout>

namespace culprit::ui {

namespace {

QString native(QKeySequence keys)
{
    return keys.toString(QKeySequence::NativeText);
}

KeyGroup windowKeys(const QList<QAction*>& actions)
{
    KeyGroup group{KeysDialog::tr("Window"), {}};
    for (const QAction* action : actions)
        if (!action->shortcut().isEmpty())
            group.keys.append({native(action->shortcut()), action->text().remove('&').remove(QChar(0x2026))});
    return group;
}

KeyGroup gridKeys()
{
    return {
        KeysDialog::tr("Grid of images"),
        {{KeysDialog::tr("Arrows, Page Up, Page Down, Home, End"), KeysDialog::tr("Move the current image")},
         {KeysDialog::tr("with Shift"), KeysDialog::tr("Select up to there")},
         {native(Qt::Key_Space), KeysDialog::tr("Select or deselect the current image")},
         {native(QKeySequence::SelectAll), KeysDialog::tr("Select all that is shown")},
         {native(Qt::Key_Return), KeysDialog::tr("Open the loupe")},
         {KeysDialog::tr("%1, %2, Ctrl+wheel")
              .arg(native(QKeySequence::ZoomIn), native(QKeySequence::ZoomOut)),
          KeysDialog::tr("Larger and smaller pictures")},
         {native(Qt::CTRL | Qt::Key_0), KeysDialog::tr("Usual size")}}};
}

KeyGroup matrixKeys()
{
    return {KeysDialog::tr("Confusion matrix"),
            {{KeysDialog::tr("Arrows"), KeysDialog::tr("Move over cells and headers")},
             {KeysDialog::tr("Space, Return"),
              KeysDialog::tr("Take what is under the cursor; with Ctrl: add it")},
             {native(QKeySequence::SelectAll), KeysDialog::tr("All failures")},
             {native(Qt::Key_Escape), KeysDialog::tr("No cell")}}};
}

KeyGroup cutKeys()
{
    return {KeysDialog::tr("Cut of the scores"),
            {{KeysDialog::tr("Arrows"), KeysDialog::tr("One culprit more or fewer")},
             {KeysDialog::tr("Page Up, Page Down"), KeysDialog::tr("A tenth more or fewer")},
             {KeysDialog::tr("Home, End"), KeysDialog::tr("None, all")}}};
}

QLabel* keyLabel(const QString& key)
{
    auto* label = new QLabel(key);
    label->setTextFormat(Qt::PlainText);
    QFont font = label->font();
    font.setWeight(QFont::DemiBold);
    label->setFont(font);
    return label;
}

void addGroup(QGridLayout& grid, const KeyGroup& group)
{
    auto* title = new QLabel(group.title);
    QFont font = title->font();
    font.setPointSizeF(font.pointSizeF() * 1.15);
    font.setWeight(QFont::DemiBold);
    title->setFont(font);
    title->setContentsMargins(0, grid.rowCount() > 1 ? spacing::section : 0, 0, spacing::tight);
    grid.addWidget(title, grid.rowCount(), 0, 1, 2);
    for (const auto& [key, meaning] : group.keys) {
        const int row = grid.rowCount();
        grid.addWidget(keyLabel(key), row, 0, Qt::AlignTop);
        auto* label = new QLabel(meaning);
        label->setWordWrap(true);
        grid.addWidget(label, row, 1);
    }
}

} // namespace

QList<KeyGroup> keysOfViews()
{
    return {gridKeys(), matrixKeys(), cutKeys()};
}

QList<KeyGroup> keysOfReview(const ReviewKeys& keys)
{
    KeyGroup decisions{KeysDialog::tr("Decisions, in the grid and the loupe"), {}};
    KeyGroup loupe{KeysDialog::tr("Loupe"), {}};
    for (const KeyEntry& entry : keys.entries()) {
        KeyGroup& group = entry.name.startsWith(QLatin1String("review.")) ? decisions : loupe;
        group.keys.append({keyText(keys.key(entry.name)), entry.text});
    }
    loupe.keys.append({QStringLiteral("+ -"), KeysDialog::tr("Zoom")});
    loupe.keys.append({KeysDialog::tr("Shift+arrows"), KeysDialog::tr("Move what is shown")});
    return {decisions, loupe};
}

KeysDialog::KeysDialog(const QList<QAction*>& actions, const ReviewKeys& keys, QWidget* parent)
    : QDialog(parent)
{
    setObjectName("keys");
    setWindowTitle(tr("Keys"));
    auto* sheet = new QWidget;
    auto* grid = new QGridLayout(sheet);
    grid->setHorizontalSpacing(spacing::section);
    grid->setColumnStretch(1, 1);
    addGroup(*grid, windowKeys(actions));
    for (const KeyGroup& group : keysOfReview(keys) + keysOfViews())
        addGroup(*grid, group);
    grid->setRowStretch(grid->rowCount(), 1);
    auto* area = new QScrollArea;
    area->setFrameShape(QFrame::NoFrame);
    area->setWidgetResizable(true);
    area->setWidget(sheet);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* column = new QVBoxLayout(this);
    column->addWidget(area);
    column->addWidget(buttons);
    resize(620, 640);
}

} // namespace culprit::ui
