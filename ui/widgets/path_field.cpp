// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/path_field.h"

#include "widgets/icons.h"
#include "widgets/texts.h"
#include "widgets/theme.h"

#include <QBoxLayout>
#include <QDir>
#include <QEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QLabel>
#include <QLineEdit>
#include <QToolButton>

namespace culprit::ui {

PathField::PathField(const QString& objectName, const QString& name, QWidget* parent)
    : QWidget(parent), m_name(name), m_line(new QLineEdit(this)), m_hint(new QLabel(this)),
      m_row(new QHBoxLayout)
{
    m_line->setObjectName(objectName);
    m_line->setAccessibleName(name);
    m_line->setAcceptDrops(false); // files dropped here are the window's, and not a text
    m_line->setClearButtonEnabled(true);
    m_line->setTextMargins(spacing::tight, 0, spacing::tight, 0);
    m_line->setMinimumWidth(m_line->fontMetrics().averageCharWidth() * 16);
    m_hint->setText(tr("There is nothing of this name on this computer."));
    m_hint->setWordWrap(true);
    m_hint->hide();
    setFocusProxy(m_line);
    m_row->setSpacing(spacing::tight);
    m_row->addWidget(m_line, 1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(spacing::tight);
    column->addLayout(m_row);
    column->addWidget(m_hint);

    m_checkSoon.setSingleShot(true);
    m_checkSoon.setInterval(150);
    connect(&m_checkSoon, &QTimer::timeout, this, [this] { m_check.request({path()}); });
    connect(&m_check, &PathCheck::checked, this,
            [this](const QStringList& paths, const QStringList& missing) {
                if (paths.first() == path())
                    showMissing(!missing.isEmpty());
            });
    connect(m_line, &QLineEdit::textChanged, this, [this] {
        if (path().isEmpty())
            showMissing(false);
        else
            m_checkSoon.start();
        Q_EMIT edited();
    });
    connect(m_line, &QLineEdit::returnPressed, this, &PathField::accepted);
    drawIcons();
}

void PathField::offerFiles(const QString& title, const QString& filter)
{
    m_file = addButton(QStringLiteral(".file"), title);
    connect(m_file, &QToolButton::clicked, this, [this, title, filter] { browse(title, filter, false); });
    drawIcons();
}

void PathField::offerFolders(const QString& title)
{
    m_folder = addButton(QStringLiteral(".folder"), title);
    connect(m_folder, &QToolButton::clicked, this, [this, title] { browse(title, {}, true); });
    drawIcons();
}

QToolButton* PathField::addButton(const QString& suffix, const QString& title)
{
    auto* button = new QToolButton(this);
    button->setObjectName(m_line->objectName() + suffix);
    button->setToolTip(title);
    button->setAccessibleName(title);
    button->setFocusPolicy(Qt::StrongFocus);
    m_row->addWidget(button);
    return button;
}

void PathField::setPlaceholder(const QString& text)
{
    m_line->setPlaceholderText(text);
}

QString PathField::path() const
{
    return m_line->text().trimmed();
}

void PathField::setPath(const QString& path)
{
    m_line->setText(path);
}

/// Opens where the path is, else where the last dialog was.
void PathField::browse(const QString& title, const QString& filter, bool folders)
{
    auto* dialog = new QFileDialog(this, title, {}, filter);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(folders ? QFileDialog::Directory : QFileDialog::ExistingFile);
    dialog->setOption(QFileDialog::ShowDirsOnly, folders);
    if (!path().isEmpty())
        dialog->setDirectory(QFileInfo(path()).absolutePath());
    connect(dialog, &QFileDialog::fileSelected, this, &PathField::take);
    dialog->open();
}

void PathField::take(const QString& path)
{
    setPath(QDir::toNativeSeparators(path));
    Q_EMIT chosen();
}

void PathField::showMissing(bool missing)
{
    m_hint->setVisible(missing);
    m_line->setAccessibleDescription(missing ? m_hint->text() : QString());
}

void PathField::drawIcons()
{
    if (m_file)
        m_file->setIcon(icon(Icon::File, palette()));
    if (m_folder)
        m_folder->setIcon(icon(Icon::Open, palette()));
    m_hint->setPalette(warningText(palette()));
}

void PathField::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        drawIcons();
}

} // namespace culprit::ui
