// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/export_dialog.h"

#include "widgets/theme.h"

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QVBoxLayout>

namespace culprit::ui {

namespace {

constexpr int indent = 26; ///< Under the text of a check box.

QLabel* wordsLabel(const QString& text)
{
    auto* label = new QLabel(text);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    return label;
}

} // namespace

ExportDialog::ExportDialog(const DecisionsToExport& what, const QStringList& chosen, QWidget* parent)
    : QDialog(parent), m_what(what)
{
    setObjectName("export");
    setWindowTitle(tr("Export decisions"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(spacing::page, spacing::section, spacing::page, spacing::section);
    column->setSpacing(spacing::wide);
    const auto decided =
        static_cast<int>(m_what.journal.reading(m_what.reviewer.toStdString()).decisions.size());
    column->addWidget(wordsLabel(
        tr("%Ln decision(s) of %1. Your data are not touched.", nullptr, decided).arg(m_what.reviewer)));
    addOffers(column, chosen);
    column->addSpacing(spacing::normal);
    column->addLayout(makeFolderRow());
    column->addWidget(wordsLabel(tr(
        "Tables are exact, for other programs. Where a spreadsheet would run an entry as a formula, a second "
        "copy named .spreadsheet.csv is written that is safe to open.")));
    m_outcome = wordsLabel({});
    m_outcome->setObjectName("export.outcome");
    m_outcome->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    column->addWidget(m_outcome);
    column->addStretch(1);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    m_write = buttons->addButton(tr("&Write files"), QDialogButtonBox::ActionRole);
    m_write->setObjectName("export.write");
    m_write->setDefault(true);
    connect(m_write, &QPushButton::clicked, this, &ExportDialog::write);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    column->addWidget(buttons);
    refresh();
    resize(620, sizeHint().height());
}

void ExportDialog::addOffers(QVBoxLayout* column, const QStringList& chosen)
{
    const QList<ExportOffer> offers = exportsFor(m_what.findings.findings.data->format);
    for (const ExportOffer& offer : offers) {
        auto* box = new QCheckBox(offer.title);
        box->setObjectName(QStringLiteral("export.%1").arg(offer.name));
        box->setChecked(chosen.isEmpty() ? offer.name == offers.constFirst().name
                                         : chosen.contains(offer.name));
        box->setAccessibleDescription(offer.what);
        connect(box, &QCheckBox::toggled, this, &ExportDialog::refresh);
        m_offers.append({offer.name, box});
        QLabel* words = wordsLabel(offer.what);
        QPalette dim = words->palette();
        dim.setColor(QPalette::WindowText, accentsOf(palette()).dim);
        words->setPalette(dim);
        words->setContentsMargins(indent, 0, 0, 0);
        auto* pair = new QVBoxLayout;
        pair->setSpacing(2);
        pair->addWidget(box);
        pair->addWidget(words);
        column->addLayout(pair);
    }
}

QLayout* ExportDialog::makeFolderRow()
{
    m_folder = new QLineEdit;
    m_folder->setObjectName("export.folder");
    auto* label = new QLabel(tr("Into &folder"));
    label->setBuddy(m_folder);
    auto* browse = new QPushButton(tr("&Browse…"));
    browse->setObjectName("export.browse");
    browse->setAutoDefault(false);
    connect(browse, &QPushButton::clicked, this, &ExportDialog::chooseFolder);
    connect(m_folder, &QLineEdit::textChanged, this, &ExportDialog::refresh);
    auto* row = new QHBoxLayout;
    row->setSpacing(spacing::normal);
    row->addWidget(label);
    row->addWidget(m_folder, 1);
    row->addWidget(browse);
    return row;
}

void ExportDialog::setFolder(const QString& folder)
{
    m_folder->setText(QDir::toNativeSeparators(folder));
}

void ExportDialog::chooseFolder()
{
    auto* dialog = new QFileDialog(this, tr("Export into a folder"), m_folder->text());
    dialog->setObjectName("export.dialog");
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    connect(dialog, &QFileDialog::fileSelected, this, &ExportDialog::setFolder);
    dialog->open();
}

void ExportDialog::refresh()
{
    if (!m_write)
        return; // not built yet
    bool any = false;
    for (const auto& [name, box] : m_offers)
        any = any || box->isChecked();
    m_write->setEnabled(any && !m_folder->text().trimmed().isEmpty() && !m_isWriting);
}

void ExportDialog::write()
{
    QStringList names;
    for (const auto& [name, box] : m_offers)
        if (box->isChecked())
            names << name;
    m_isWriting = true;
    m_outcome->setText(tr("Writing…"));
    refresh();
    exportDecisions(m_what, names, QDir::fromNativeSeparators(m_folder->text().trimmed()), this,
                    [this](const Expected<QStringList>& files) { showWritten(files); });
}

void ExportDialog::showWritten(const Expected<QStringList>& files)
{
    m_isWriting = false;
    refresh();
    if (!files)
        return m_outcome->setText(
            tr("Nothing was written: %1").arg(QString::fromStdString(files.error().text)));
    QStringList names;
    for (const QString& path : *files)
        names << QFileInfo(path).fileName();
    m_outcome->setText(tr("Written: %1").arg(QLocale().createSeparatedList(names)));
}

} // namespace culprit::ui
