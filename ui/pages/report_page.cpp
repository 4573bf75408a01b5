// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/report_page.h"

#include "client/reproduce_line.h"
#include "client/run_on_pool.h"
#include "client/treatment_words.h"
#include "pages/review_desk.h"
#include "pages/save_row.h"
#include "widgets/notice_bar.h"
#include "widgets/state_panel.h"
#include "widgets/texts.h"
#include "widgets/theme.h"

#include <QDesktopServices>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QLabel>
#include <QMessageBox>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QSplitter>
#include <QStackedLayout>
#include <QStandardPaths>
#include <QTextBrowser>
#include <QTextDocument>
#include <QUrl>

namespace culprit::ui {

namespace {

constexpr int picturePixels = 160;
constexpr int paperWidth = 760;
constexpr int paperMargin = 44;

/// White paper in a dark window too: what is printed looks like this.
QTextBrowser* makePaper()
{
    auto* paper = new QTextBrowser;
    paper->setObjectName(QStringLiteral("report.preview"));
    paper->setAccessibleName(ReportPage::tr("Preview of the report"));
    paper->setOpenLinks(false);
    paper->setPalette(lightPalette());
    paper->setMaximumWidth(paperWidth);
    paper->setMinimumWidth(220);
    return paper;
}

QLabel* heading(const QString& text, QWidget* parent)
{
    auto* label = new QLabel(text, parent);
    label->setFont(titleFont(label->font(), 1.2));
    return label;
}

/// What lies beside a model, by its suffix.
QStringList sideCarsOf(const QString& name)
{
    if (name == QLatin1String("repaired.pt"))
        return {QStringLiteral(".json")};
    if (name == trainedModelFile)
        return {QStringLiteral(".json"), QStringLiteral(".margins.npy")};
    return {};
}

} // namespace

ReportPage::ReportPage(const Workplace& workplace, QWidget* parent)
    : Page(workplace, parent), m_notices(new NoticeBar(this)), m_panel(new StatePanel(this)),
      m_preview(makePaper()), m_body(new QWidget(this)), m_stack(new QStackedLayout)
{
    m_notices->setObjectName(QStringLiteral("report.notices"));
    m_panel->setObjectName(QStringLiteral("report.panel"));
    m_thumbnails.setSource(&pictures());
    m_thumbnails.setEdge(picturePixels);
    m_refreshSoon.setSingleShot(true);
    m_refreshSoon.setInterval(30);
    arrange();
    connectInvestigation();
    refresh();
}

/// The preview goes before the document that it shows.
ReportPage::~ReportPage()
{
    delete m_preview;
}

void ReportPage::setBanners(const QStringList& banners)
{
    m_banners = banners;
    m_isOutdated = true;
    m_refreshSoon.start();
}

void ReportPage::arrange()
{
    auto* desk = new QWidget;
    auto* deskRow = new QHBoxLayout(desk);
    deskRow->setContentsMargins(0, 0, spacing::wide, 0);
    deskRow->addStretch(1);
    deskRow->addWidget(m_preview, 100);
    deskRow->addStretch(1);
    auto* columns = new QSplitter(Qt::Horizontal, m_body);
    columns->setObjectName(QStringLiteral("report.columns"));
    columns->setChildrenCollapsible(false);
    columns->addWidget(desk);
    columns->addWidget(makeFilesColumn());
    columns->setStretchFactor(0, 3);
    columns->setStretchFactor(1, 1);
    auto* bodyRow = new QHBoxLayout(m_body);
    bodyRow->setContentsMargins(spacing::page, spacing::section, spacing::page, spacing::wide);
    bodyRow->addWidget(columns);

    m_stack->addWidget(m_panel);
    m_stack->addWidget(m_body);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_notices);
    column->addLayout(m_stack, 1);
}

QWidget* ReportPage::makeFilesColumn()
{
    auto* area = new QScrollArea;
    area->setObjectName(QStringLiteral("report.files"));
    area->setFrameShape(QFrame::NoFrame);
    area->setWidgetResizable(true);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* files = new QWidget;
    auto* column = new QVBoxLayout(files);
    column->setContentsMargins(spacing::normal, 0, spacing::wide, 0);
    column->setSpacing(spacing::section);
    column->addWidget(heading(tr("Report"), files));
    addRow(column, QStringLiteral("report.pdf"), tr("PDF"), tr("As previewed, on A4."))
        ->button()
        ->setDefault(true);
    addRow(column, QStringLiteral("report.html"), tr("HTML"), tr("One page that opens in any browser."));
    column->addWidget(heading(tr("Models"), files));
    addRow(
        column, trainedModelFile, tr("Trained model"),
        tr("The one that was trained here, before the repair. TorchScript, with its side-cars beside it."));
    addRow(column, QStringLiteral("repaired.pt"), tr("Repaired model"),
           tr("TorchScript, with its side-car .json beside it."));
    column->addWidget(heading(tr("Tables"), files));
    addRow(column, QStringLiteral("causes.csv"), tr("Culprits"), tr("Every training image, ranked."));
    addRow(column, QStringLiteral("corrected_labels.csv"), tr("Corrected labels"),
           tr("A label for every training image, with the suggestions for the culprits taken."));
    addRow(column, decisionsFile, tr("Decisions"), tr("What you decided and why, for the command line."));
    addRow(column, QStringLiteral("failures.csv"), tr("Failures"), tr("Every misclassified test image."));
    addRow(column, chosenFailuresFile, tr("Chosen failures"), tr("Those asked about, for the command line."));
    addRow(column, QStringLiteral("result.json"), tr("Figures"), tr("All figures, for programs."));
    column->addWidget(heading(tr("Everything"), files));
    m_all = new SaveRow(QStringLiteral("all"), tr("Folder"), tr("All of it that there is, in one folder."),
                        files);
    connect(m_all, &SaveRow::saveWanted, this, &ReportPage::chooseFolder);
    connect(m_all, &SaveRow::folderWanted, this,
            [](const QString& path) { QDesktopServices::openUrl(QUrl::fromLocalFile(path)); });
    column->addWidget(m_all);
    column->addStretch(1);
    area->setWidget(files);
    m_files = area;
    return area;
}

SaveRow* ReportPage::addRow(QVBoxLayout* column, const QString& name, const QString& title,
                            const QString& what)
{
    auto* row = new SaveRow(name, title, what, column->parentWidget());
    column->addWidget(row);
    m_rows << Row{name, row};
    connect(row, &SaveRow::saveWanted, this, [this, name] { chooseFile(name); });
    connect(row, &SaveRow::folderWanted, this, [](const QString& path) {
        QDesktopServices::openUrl(QUrl::fromLocalFile(QFileInfo(path).absolutePath()));
    });
    return row;
}

void ReportPage::connectInvestigation()
{
    const Investigation* source = &investigation();
    for (const auto signal :
         {&Investigation::dataChanged, &Investigation::modelChanged, &Investigation::evaluationChanged,
          &Investigation::failuresChanged, &Investigation::causesChanged, &Investigation::cutChanged,
          &Investigation::treatmentsChanged})
        connect(source, signal, this, &ReportPage::findingsChanged);
    for (const auto signal : {&Review::countsChanged, &Review::reviewerChanged})
        connect(&desk().review(), signal, this, &ReportPage::decisionsChanged);
    connect(&desk().review(), &Review::decided, this, &ReportPage::decisionsChanged);
    connect(&investigation().engine(), &EngineClient::ready, this, &ReportPage::findingsChanged);
    connect(source, &Investigation::shownTreatmentChanged, this, [this] {
        for (const Row& row : m_rows)
            if (row.name == QLatin1String("repaired.pt"))
                row.widget->forget();
        refreshRows();
    });
    connect(&m_refreshSoon, &QTimer::timeout, this, &ReportPage::refresh);
    connect(&m_thumbnails, &ThumbnailStore::changed, &m_refreshSoon, qOverload<>(&QTimer::start));
    connect(&m_thumbnails, &ThumbnailStore::changed, this, [this] { m_isOutdated = true; });
    connect(m_panel, &StatePanel::actionTriggered, this, [this] { Q_EMIT stepWanted(Step::Data); });
    connect(m_notices, &NoticeBar::actionTriggered, this, [this](const QString& notice) {
        Q_EMIT stepWanted(notice == QLatin1String("causes") ? Step::Causes : Step::Treatment);
    });
}

// --- What shows -----------------------------------------------------------------------------------------

void ReportPage::findingsChanged()
{
    m_isOutdated = true;
    ++m_question;
    m_result.reset();
    for (const Row& row : m_rows)
        row.widget->forget();
    m_all->forget();
    refreshRows();
    m_refreshSoon.start();
}

/// Files saved before are of other decisions; the engine's figures stay.
void ReportPage::decisionsChanged()
{
    m_isOutdated = true;
    for (const Row& row : m_rows)
        row.widget->forget();
    m_all->forget();
    m_refreshSoon.start();
}

void ReportPage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    if (m_isOutdated)
        m_refreshSoon.start();
}

void ReportPage::refresh()
{
    const bool isReportable = findings().data && findings().evaluation;
    m_stack->setCurrentWidget(isReportable ? m_body : static_cast<QWidget*>(m_panel));
    m_panel->showEmpty(
        Icon::StepReport,
        {tr("Nothing to report yet"),
         tr("The report grows with each step: open a model and its data, find the causes of its "
            "failures, and repair it."),
         tr("Model and data")});
    refreshRows();
    refreshNotices();
    if (!isReportable || !isVisible() || !m_isOutdated)
        return;
    m_isOutdated = false;
    wantPictures();
    askWhatItRanOn();
    refreshPreview();
}

void ReportPage::refreshRows()
{
    for (const Row& row : m_rows)
        row.widget->setObstacle(obstacleTo(row.name, findings()));
    for (const Row& row : m_rows)
        refreshRow(row);
    m_all->setObstacle(obstacleTo(QStringLiteral("result.json"), findings()));
    m_files->setMinimumWidth(m_files->widget()->minimumSizeHint().width() +
                             m_files->verticalScrollBar()->sizeHint().width());
}

void ReportPage::refreshRow(const Row& row)
{
    if (row.name == chosenFailuresFile)
        row.widget->setVisible(findings().failureSet.rows.has_value());
    if (row.name == decisionsFile)
        row.widget->setVisible(!desk().review().reading().decisions.empty());
    if (row.name == trainedModelFile)
        row.widget->setVisible(row.widget->isSaved() || isUnsaved(investigation()));
    if (row.name != QLatin1String("repaired.pt"))
        return;
    const QString method = investigation().shownTreatment();
    const QString what = tr("TorchScript, with its side-car .json beside it.");
    row.widget->setWhat(
        method.isEmpty() ? what : tr("%1, as shown under Treatment. %2").arg(treatmentName(method), what));
}

void ReportPage::refreshNotices()
{
    for (const auto* id : {"causes", "repair", "stale"})
        m_notices->withdraw(QLatin1String(id));
    if (!findings().data || !findings().evaluation)
        return;
    if (!findings().identification)
        m_notices->post({"causes",
                         Notice::Kind::Information,
                         tr("The report has no culprits yet."),
                         {{"report.findCauses", tr("Causes")}}});
    else if (findings().identificationIsStale)
        m_notices->post({"causes",
                         Notice::Kind::Warning,
                         tr("The failures changed since; find causes again. The report says so."),
                         {{"report.findCauses", tr("Causes")}},
                         false});
    else if (findings().treatments.isEmpty())
        m_notices->post({"repair",
                         Notice::Kind::Information,
                         tr("The report has no repair yet."),
                         {{"report.repair", tr("Treatment")}}});
    else if (findings().treatmentsAreStale)
        m_notices->post({"stale",
                         Notice::Kind::Warning,
                         tr("The culprits changed since; repair again. The report says so."),
                         {{"report.repair", tr("Treatment")}},
                         false});
}

/// Written on a thread of the pool; the latest wins.
void ReportPage::refreshPreview()
{
    const quint64 version = ++m_version;
    const auto write = [content = content(), window = thread()] {
        const std::shared_ptr<QTextDocument> document(new QTextDocument,
                                                      [](QTextDocument* old) { old->deleteLater(); });
        writeReport(*document, content);
        document->setDocumentMargin(paperMargin);
        document->moveToThread(window);
        return document;
    };
    runOnPool(this, write, [this, version](const std::shared_ptr<QTextDocument>& document) {
        if (version == m_version)
            showDocument(document);
    });
}

void ReportPage::showDocument(const std::shared_ptr<QTextDocument>& document)
{
    const int place = m_preview->verticalScrollBar()->value();
    m_preview->setDocument(document.get());
    m_preview->verticalScrollBar()->setValue(place);
    m_document = document; // the one before goes only now
}

void ReportPage::wantPictures()
{
    QList<data::ImageId> ids;
    for (const qint64 row : picturedRows(findings()))
        ids << investigation().trainId(row);
    m_thumbnails.want(ids);
}

/// Seed, device and threads are the engine's to tell; it does in result.json.
void ReportPage::askWhatItRanOn()
{
    if (m_result || investigation().engine().state() != EngineClient::State::Ready)
        return;
    auto* job = investigation().engine().file(QStringLiteral("result.json"));
    job->whenFinished(this, [this, question = m_question](const QByteArray& json) {
        if (question == m_question)
            takeResult(json);
    });
}

void ReportPage::takeResult(const QByteArray& json)
{
    runOnPool(
        this, [json] { return report::fromJson(json.toStdString(), "result.json"); },
        [this, question = m_question](const Expected<report::Result>& result) {
            if (!result || question != m_question)
                return;
            m_result = *result;
            m_isOutdated = true;
            m_refreshSoon.start();
        });
}

ReportContent ReportPage::content() const
{
    ReportContent content;
    content.findings = findings();
    content.trainFiles = investigation().trainItems().files;
    for (const qint64 row : picturedRows(findings())) {
        const data::ImageId id = investigation().trainId(row);
        const QImage picture = m_thumbnails.find(id);
        if (!picture.isNull())
            content.pictures.insert(id, picture);
    }
    if (m_result) {
        content.tool = m_result->tool;
        if (m_result->model)
            content.modelHash = QString::fromStdString(m_result->model->sha256);
    }
    content.review = reviewSection();
    if (content.review)
        content.decisions = desk().review().reading();
    content.banners = m_banners;
    content.hidesPaths = investigation().areFilesHidden();
    content.command = reproduceLine(findings(), m_result ? &*m_result : nullptr,
                                    content.review ? decisionsFile : QString());
    content.date = QDate::currentDate();
    return content;
}

std::optional<report::ReviewSection> ReportPage::reviewSection() const
{
    if (!findings().data)
        return std::nullopt;
    std::vector<std::string> classes;
    for (const QString& name : findings().data->classes)
        classes.push_back(name.toStdString());
    const Review& review = desk().review();
    auto section = report::reviewSectionOf(review.journal(), review.reviewer().toStdString(),
                                           findings().data->train.images, classes);
    if (section)
        section->isAfterRepair = findings().treatmentsAreStale;
    return section;
}

// --- Saving ---------------------------------------------------------------------------------------------

void ReportPage::chooseFile(const QString& name)
{
    auto* dialog = new QFileDialog(this, tr("Save %1").arg(name));
    dialog->setObjectName(QStringLiteral("report.dialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QFileInfo(name).suffix());
    if (m_folder.isEmpty())
        m_folder = QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation);
    dialog->setDirectory(m_folder);
    dialog->selectFile(name);
    connect(dialog, &QFileDialog::fileSelected, this, [this, name](const QString& path) {
        m_folder = QFileInfo(path).absolutePath();
        QList<FileToSave> files{{name, path}};
        QStringList replaced; // the dialog asked about its own file, not about one beside it
        for (const QString& suffix : sideCarsOf(name)) {
            files.prepend({name + suffix, path + suffix}); // the model last: never without them
            if (QFileInfo::exists(path + suffix))
                replaced << QFileInfo(path + suffix).fileName();
        }
        for (const Row& row : m_rows)
            if (row.name == name)
                saveAfterAsking(row.widget, path, files, replaced);
    });
    dialog->open();
}

void ReportPage::chooseFolder()
{
    auto* dialog = new QFileDialog(this, tr("Save everything into a folder"));
    dialog->setObjectName(QStringLiteral("report.dialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    if (!m_folder.isEmpty())
        dialog->setDirectory(m_folder);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& folder) {
        m_folder = folder;
        QList<FileToSave> files;
        QStringList replaced;
        for (const QString& name : filesToBeHad(investigation(), desk().review().reading())) {
            files << FileToSave{name, QDir(folder).filePath(name)};
            if (QFileInfo::exists(files.constLast().path))
                replaced << name;
        }
        saveAfterAsking(m_all, folder, files, replaced);
    });
    dialog->open();
}

void ReportPage::saveAfterAsking(SaveRow* row, const QString& shown, const QList<FileToSave>& files,
                                 const QStringList& replaced)
{
    if (replaced.isEmpty())
        return save(row, shown, files);
    auto* question = new QMessageBox(
        QMessageBox::Question, tr("Replace files?"),
        tr("%Ln file(s) of this name are there already:", nullptr, static_cast<int>(replaced.size())) +
            QLatin1Char('\n') + replaced.join(QStringLiteral(", ")),
        QMessageBox::NoButton, this);
    question->setObjectName(QStringLiteral("report.question"));
    question->setTextFormat(Qt::PlainText);
    question->setAttribute(Qt::WA_DeleteOnClose);
    auto* replace = question->addButton(tr("Replace"), QMessageBox::AcceptRole);
    replace->setObjectName(QStringLiteral("report.replace"));
    question->setDefaultButton(question->addButton(QMessageBox::Cancel));
    connect(replace, &QAbstractButton::clicked, this, [this, row, shown, files] { save(row, shown, files); });
    question->open();
}

void ReportPage::save(SaveRow* row, const QString& shown, const QList<FileToSave>& files)
{
    row->showSaving();
    auto* saver = new FilesSaver(&investigation(), content(), files, this);
    connect(saver, &FilesSaver::saved, this, [this, row, shown, files] {
        row->showSaved(shown);
        for (const FileToSave& file : files)
            if (file.name == trainedModelFile)
                modelSaved(file.path);
    });
    connect(saver, &FilesSaver::failed, row, &SaveRow::showFailed);
    saver->start();
}

/// The line that makes it again names the file from now on.
void ReportPage::modelSaved(const QString& path)
{
    investigation().trainedModelSavedAs(path);
    m_isOutdated = true;
    m_refreshSoon.start();
}

} // namespace culprit::ui
