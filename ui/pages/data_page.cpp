// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/data_page.h"

#include "pages/data_words.h"
#include "widgets/check_list.h"
#include "widgets/device_picker.h"
#include "widgets/facts_card.h"
#include "widgets/picture_row_view.h"
#include "widgets/state_panel.h"
#include "widgets/texts.h"
#include "widgets/theme.h"

#include <QBoxLayout>
#include <QEvent>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QScrollArea>
#include <QTabWidget>
#include <QTableView>

#include <algorithm>

namespace culprit::ui {

namespace {

constexpr int pictureEdge = 44;
constexpr int narrow = 620;    ///< Below it the cards stand one above the other.
constexpr int lowestList = 11; ///< Lines of text.
enum Tab { ClassTab, DuplicateTab, UnreadableTab };

/// Gives its widget the least height that its width asks for. QScrollArea asks at the width without a scroll
/// bar, which is too low once there is one.
class ColumnArea : public QScrollArea {
public:
    using QScrollArea::QScrollArea;

protected:
    void resizeEvent(QResizeEvent* event) override
    {
        fit();
        QScrollArea::resizeEvent(event);
    }

    bool eventFilter(QObject* watched, QEvent* event) override
    {
        if (watched == widget() && event->type() == QEvent::LayoutRequest)
            fit();
        return QScrollArea::eventFilter(watched, event);
    }

private:
    void fit()
    {
        const int height = widget()->layout()->minimumHeightForWidth(viewport()->width());
        if (height != widget()->minimumHeight())
            widget()->setMinimumHeight(std::max(0, height));
    }
};

QString withCount(const QString& title, qint64 count)
{
    return DataPage::tr("%1 (%2)", "a tab and how many it has").arg(title, QLocale().toString(count));
}

std::vector<std::vector<Figure>> rowsOf(const QList<UnreadableImage>& images)
{
    std::vector<std::vector<Figure>> rows;
    for (const UnreadableImage& image : images)
        rows.push_back({Figure::word(image.file), Figure::word(image.part), Figure::word(image.reason)});
    return rows;
}

} // namespace

DataPage::DataPage(const Workplace& workplace, QWidget* parent)
    : Page(workplace, parent), m_form(new OpeningForm(this)), m_change(new QPushButton(tr("Chan&ge…"), this)),
      m_failure(new CheckList(this)), m_panel(new StatePanel(this)),
      m_dataCard(new FactsCard(Icon::StepData, tr("Data"), this)),
      m_modelCard(new FactsCard(Icon::Engine, tr("Model"), this)), m_checks(new CheckList(this)),
      m_classView(new PictureRowView(3, 26, this)), m_duplicateView(new PictureRowView(2, 36, this)),
      m_unreadableView(new QTableView(this)), m_devices(new DevicePicker(this)),
      m_next(new QPushButton(tr("&Choose failures"), this))
{
    m_opened = buildOpened();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(spacing::page, spacing::section, spacing::page, spacing::wide);
    column->setSpacing(spacing::wide);
    column->addLayout(buildHead());
    column->addWidget(buildMiddle(), 1);
    column->addLayout(buildFoot());
    connectInvestigation();
    followData();
    followModel();
}

QLayout* DataPage::buildHead()
{
    auto* title = new QLabel(tr("Model and data"), this);
    title->setFont(titleFont(title->font(), 1.5));
    m_change->setObjectName(QStringLiteral("data.change"));
    m_change->setToolTip(tr("Open another model or other data"));
    m_change->setAutoDefault(false);
    m_change->setCheckable(true);
    m_failure->setObjectName(QStringLiteral("data.failure"));
    connect(m_change, &QPushButton::clicked, this, &DataPage::showForm);
    connect(m_form, &OpeningForm::openRequested, this, &DataPage::open);
    connect(m_form, &OpeningForm::edited, this, [this] {
        m_edited = true;
        refreshNextStep();
    });
    auto* row = new QHBoxLayout;
    row->addWidget(title, 1);
    row->addWidget(m_change);
    return row;
}

/// Scrolls only where the window is too low for all of it.
QWidget* DataPage::buildMiddle()
{
    auto* content = new QWidget(this);
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(spacing::wide);
    column->addWidget(m_form);
    column->addWidget(m_failure);
    column->addWidget(m_panel, 1);
    column->addWidget(m_opened, 1);
    auto* area = new ColumnArea(this);
    area->setFrameShape(QFrame::NoFrame);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setWidgetResizable(true);
    area->setFocusPolicy(Qt::NoFocus);
    area->setWidget(content);
    area->setMinimumWidth(content->minimumSizeHint().width());
    return area;
}

QWidget* DataPage::buildOpened()
{
    auto* whole = new QWidget(this);
    m_dataCard->setObjectName(QStringLiteral("data.dataCard"));
    m_modelCard->setObjectName(QStringLiteral("data.modelCard"));
    m_checks->setObjectName(QStringLiteral("data.checks"));
    m_cards = new QBoxLayout(QBoxLayout::LeftToRight);
    m_cards->setSpacing(spacing::wide);
    m_cards->addWidget(m_dataCard, 1);
    m_cards->addWidget(m_modelCard, 1);
    connect(m_checks, &CheckList::actionTriggered, this, &DataPage::act);
    auto* column = new QVBoxLayout(whole);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(spacing::wide);
    column->addLayout(m_cards);
    column->addWidget(m_checks);
    column->addWidget(buildTabs(), 1);
    return whole;
}

QWidget* DataPage::buildTabs()
{
    m_classView->setObjectName(QStringLiteral("data.classes"));
    m_classView->setAccessibleName(tr("Classes"));
    m_classView->setModel(&m_classes);
    m_classView->setThumbnails(&m_classPictures);
    m_duplicateView->setObjectName(QStringLiteral("data.duplicates"));
    m_duplicateView->setAccessibleName(tr("Images in both parts"));
    m_duplicateView->setModel(&m_duplicates);
    m_duplicateView->setThumbnails(&m_pairPictures);
    connect(m_duplicateView->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &DataPage::currentPairChanged);
    connect(m_duplicateView, &QAbstractItemView::activated, this, &DataPage::openPair);
    m_unreadableView->setObjectName(QStringLiteral("data.unreadable"));
    m_unreadableView->setAccessibleName(tr("Files that could not be read"));
    m_unreadableView->setModel(&m_unreadable);
    m_unreadableView->setFrameShape(QFrame::NoFrame);
    m_unreadableView->setShowGrid(false);
    m_unreadableView->setAlternatingRowColors(true);
    m_unreadableView->setTabKeyNavigation(false);
    m_unreadableView->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_unreadableView->verticalHeader()->hide();
    m_unreadableView->horizontalHeader()->setStretchLastSection(true);
    m_unreadableView->horizontalHeader()->setHighlightSections(false);
    m_unreadableView->horizontalHeader()->setDefaultAlignment(Qt::AlignLeading | Qt::AlignVCenter);
    m_unreadableView->setWordWrap(false);
    m_unreadableView->setTextElideMode(Qt::ElideMiddle);
    m_tabs = new QTabWidget(this);
    m_tabs->setObjectName(QStringLiteral("data.tabs"));
    m_tabs->setDocumentMode(true);
    m_tabs->setMinimumHeight(fontMetrics().height() * lowestList);
    m_tabs->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Ignored);
    m_tabs->addTab(m_classView, QString());
    m_tabs->addTab(m_duplicateView, QString());
    m_tabs->addTab(m_unreadableView, QString());
    return m_tabs;
}

QLayout* DataPage::buildFoot()
{
    m_next->setObjectName(QStringLiteral("data.next"));
    m_next->setAutoDefault(false);
    connect(m_next, &QPushButton::clicked, this, [this] { Q_EMIT stepWanted(Step::Failures); });
    connect(m_devices, &DevicePicker::chosen, this, &DataPage::chooseDevice);
    connect(m_devices, &DevicePicker::devicesWanted, this, &DataPage::askForDevices);
    auto* row = new QHBoxLayout;
    row->setSpacing(spacing::wide);
    row->addWidget(m_devices, 1);
    row->addWidget(m_next, 0, Qt::AlignBottom);
    return row;
}

void DataPage::connectInvestigation()
{
    Investigation* const all = &investigation();
    connect(all, &Investigation::dataChanged, this, &DataPage::followData);
    connect(all, &Investigation::modelChanged, this, &DataPage::followModel);
    connect(all, &Investigation::probeChanged, this, &DataPage::refresh);
    connect(all, &Investigation::activityChanged, this, &DataPage::followActivity);
    connect(all, &Investigation::failed, this, &DataPage::followFailure);
    connect(all, &Investigation::settled, this, [this] {
        m_isOwnRequest = false;
        refresh();
    });
    connect(all, &Investigation::progressed, this, [this](const QString& phase, qint64 done, qint64 total) {
        m_progress = progressInWords(phase, done, total);
        if (!findings().data)
            refreshPanel();
    });
}

// --- What the person does -------------------------------------------------------------------------------

void DataPage::open()
{
    if (!m_form->isComplete())
        return;
    const OpeningChoice choice = m_form->choice();
    m_isOwnRequest = true;
    m_edited = false;
    m_progress.clear();
    showForm(false);
    if (choice.training)
        investigation().train(choice.data, *choice.training);
    else
        investigation().open(choice.data, choice.model);
    refresh();
}

void DataPage::propose(const QString& model, const QString& data)
{
    if (!data.isEmpty())
        m_form->setDataPath(data);
    if (!model.isEmpty())
        m_form->setModelPath(model);
    if (!model.isEmpty() && m_form->isComplete())
        return open();
    m_edited = true;
    showForm(true);
    m_form->isComplete() || data.isEmpty() ? m_form->focusFirstField() : m_form->focusModel();
}

void DataPage::focusFirstField()
{
    showForm(true);
    m_form->focusFirstField();
}

void DataPage::act(const QString& check)
{
    if (check == checks::usePreset && findings().probe)
        investigation().usePreset(findings().probe->best);
    else if (check == checks::showDuplicates)
        m_tabs->setCurrentIndex(DuplicateTab);
    else if (check == checks::showUnreadable)
        m_tabs->setCurrentIndex(UnreadableTab);
    if (m_tabs->currentIndex() != ClassTab)
        m_tabs->currentWidget()->setFocus();
}

void DataPage::setEngineSettings(const EngineSettings& settings)
{
    m_settings = settings;
    m_devices->setCurrent(settings.device, settings.threads);
}

void DataPage::chooseDevice(const QString& device, int threads)
{
    m_settings.device = device;
    m_settings.threads = threads;
    investigation().configure(m_settings);
    Q_EMIT engineSettingsChosen(m_settings);
}

void DataPage::askForDevices()
{
    auto* job = investigation().engine().doctor();
    job->whenFinished(this, [this](const MachineInfo& machine) {
        m_devices->setDevices(machine.devices, machine.processors);
    });
    connect(job, &EngineJob::ended, m_devices, &DevicePicker::forgetQuestion);
}

void DataPage::currentPairChanged(const QModelIndex& index)
{
    if (index.isValid())
        selection().setCurrent(m_duplicates.testIdAt(index.row()));
}

void DataPage::openPair(const QModelIndex& index)
{
    Q_EMIT loupeRequested(m_duplicates.testIdAt(index.row()));
}

// --- What has changed -----------------------------------------------------------------------------------

void DataPage::followData()
{
    const auto& data = findings().data;
    for (ThumbnailStore* store : {&m_classPictures, &m_pairPictures}) {
        store->setSource(&pictures());
        store->setEdge(qRound(pictureEdge * devicePixelRatioF()));
    }
    m_duplicates.setPairs(data ? duplicatePairsOf(*data) : DuplicatePairs());
    m_unreadable.setFigures({tr("File"), tr("Part"), tr("Reason")}, data && !investigation().areFilesHidden()
                                                                        ? rowsOf(data->unreadable)
                                                                        : std::vector<std::vector<Figure>>());
    m_form->setConcealed(investigation().areFilesHidden());
    if (data && !m_edited && !m_isOwnRequest && data->format != QLatin1String("demo"))
        m_form->setDataPath(investigation().dataPath());
    const auto count = [&](auto of) { return data ? qint64{of(*data)} : qint64{0}; };
    const auto classes = count([](const OpenedData& opened) { return opened.classes.size(); });
    const auto pairs = count([](const OpenedData& opened) { return opened.duplicateTestRows.size(); });
    const auto bad = count([](const OpenedData& opened) { return opened.unreadableCount; });
    m_unreadableView->setColumnWidth(0, fontMetrics().averageCharWidth() * 44);
    m_tabs->setTabText(ClassTab, withCount(tr("Classes"), classes));
    m_tabs->setTabText(DuplicateTab, withCount(tr("In both parts"), pairs));
    m_tabs->setTabText(UnreadableTab, withCount(tr("Unreadable"), bad));
    m_tabs->setTabVisible(DuplicateTab, pairs > 0);
    m_tabs->setTabVisible(UnreadableTab, bad > 0);
    followModel();
}

void DataPage::followModel()
{
    const auto& data = findings().data;
    const auto& model = findings().model;
    const auto outputs = model ? std::optional<qint64>(model->outputs) : std::nullopt;
    m_classes.setClasses(data ? classFactsOf(*data, outputs) : QList<ClassFacts>());
    if (data && model && !m_edited && !m_isOwnRequest && !model->path.isEmpty() &&
        data->format != QLatin1String("demo"))
        m_form->setModelPath(investigation().modelPath());
    refresh();
}

void DataPage::followActivity()
{
    m_progress.clear();
    refresh();
}

void DataPage::followFailure(Activity activity)
{
    if (activity <= Activity::Training && activity != Activity::Configuring)
        showForm(true);
    refresh();
}

bool DataPage::isOpening() const
{
    const Activity activity = investigation().activity();
    return activity != Activity::None && activity <= Activity::Training;
}

void DataPage::refresh()
{
    refreshPanel();
    refreshCards();
    refreshChecks();
    showForm(m_formWanted);
    refreshNextStep();
    Q_EMIT statusChanged();
}

void DataPage::refreshPanel()
{
    const bool hasData = findings().data.has_value();
    m_panel->setVisible(!hasData);
    m_opened->setVisible(hasData);
    if (isOpening())
        m_panel->showLoading({titleOf(investigation().activity()), m_progress, {}});
    else
        m_panel->showEmpty(Icon::StepData, {tr("Choose data and a model, or drop both here"),
                                            tr("Data: a folder with IDX or CIFAR files, a folder of images "
                                               "by class, an .npz, or a .csv that "
                                               "names images.\nModel: a TorchScript file.\nNothing leaves "
                                               "this computer, and none of your files is "
                                               "changed."),
                                            {}});
}

void DataPage::refreshCards()
{
    if (const auto& data = findings().data)
        m_dataCard->setFacts(nameOf(*data), data->path, factsOf(*data));
    if (const auto& model = findings().model)
        m_modelCard->setFacts(nameOf(*model), model->path, factsOf(*model));
    else
        m_modelCard->setFacts(isOpening() ? tr("Not there yet") : tr("None"), {},
                              {isOpening() ? tr("%1 …", "what runs").arg(titleOf(investigation().activity()))
                                           : tr("Open one, or train one on these data.")});
}

void DataPage::refreshChecks()
{
    m_checks->setLines(checksOf(findings(), investigation().activity()));
    QList<CheckLine> failure;
    const auto& last = investigation().lastFailure();
    if (last && last->activity <= Activity::Probing)
        failure << CheckLine{.id = QStringLiteral("data.failed"),
                             .kind = CheckLine::Kind::Error,
                             .text = QString::fromStdString(last->error.text)};
    m_failure->setLines(failure);
}

/// One button is the next step: open what was chosen, try better preprocessing (among the checks), go on.
void DataPage::refreshNextStep()
{
    const bool hasModel = findings().model.has_value();
    const bool stale = m_edited && m_form->isComplete();
    const auto& probe = findings().probe;
    const bool another = probe && !probe->best.isEmpty() && probe->best != probe->current;
    m_next->setEnabled(hasModel);
    m_form->setNext((!hasModel && !isOpening()) || stale);
    m_form->setStale(hasModel && stale);
    m_next->setDefault(hasModel && !another && !(stale && m_formWanted));
}

/// There is always a form while nothing is open.
void DataPage::showForm(bool shown)
{
    m_formWanted = shown;
    const bool hasData = findings().data.has_value();
    m_form->setVisible(shown || !hasData || (!findings().model && !isOpening()));
    m_change->setVisible(hasData);
    m_change->setChecked(m_form->isVisibleTo(this));
    refreshNextStep();
}

QString DataPage::status() const
{
    const auto& data = findings().data;
    if (!data)
        return {};
    return tr("%1 training and %2 test images")
        .arg(QLocale().toString(data->train.images), QLocale().toString(data->test.images));
}

void DataPage::turnCards()
{
    m_cards->setDirection(width() < narrow ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
}

void DataPage::resizeEvent(QResizeEvent* event)
{
    Page::resizeEvent(event);
    turnCards();
}

} // namespace culprit::ui
