// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/grid_tools.h"

#include "widgets/flow_layout.h"
#include "widgets/icons.h"
#include "widgets/image_grid_view.h"
#include "widgets/texts.h"
#include "widgets/theme.h"

#include <QAction>
#include <QComboBox>
#include <QEvent>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QSlider>
#include <QToolButton>
#include <QVBoxLayout>

namespace culprit::ui {
namespace {

constexpr int typingPause = 200; ///< Milliseconds after the last key until the search begins.
constexpr int fewNames = 2;      ///< So many are named in a chip; more are counted.

QString joined(const QStringList& words)
{
    return words.join(GridTools::tr(" or ", "between alternatives"));
}

QString cellsInWords(const QList<ConfusionCell>& cells, const ImageItems& items)
{
    if (cells.size() > fewNames)
        return GridTools::tr("%Ln cell(s) of the matrix", nullptr, static_cast<int>(cells.size()));
    QStringList words;
    for (const ConfusionCell& cell : cells) {
        const QString label = items.className(cell.label);
        words << (cell.label == cell.predicted
                      ? GridTools::tr("%1 recognised").arg(label)
                      : GridTools::tr("%1 taken for %2").arg(label, items.className(cell.predicted)));
    }
    return joined(words);
}

QString labelsInWords(const QList<std::int32_t>& labels, const ImageItems& items)
{
    if (labels.size() > fewNames)
        return GridTools::tr("%Ln label(s)", nullptr, static_cast<int>(labels.size()));
    QStringList names;
    for (const std::int32_t label : labels)
        names << items.className(label);
    return GridTools::tr("labelled %1").arg(joined(names));
}

QString predictionsInWords(const QList<std::int32_t>& predicted, const ImageItems& items)
{
    if (predicted.size() > fewNames)
        return GridTools::tr("%Ln prediction(s)", nullptr, static_cast<int>(predicted.size()));
    QStringList names;
    for (const std::int32_t index : predicted)
        names << items.className(index);
    return GridTools::tr("taken for %1").arg(joined(names));
}

QString marksInWords(ImageMarks marks)
{
    const std::pair<ImageMark, QString> all[] = {
        {ImageMark::Cause, GridTools::tr("culprits")},  {ImageMark::Fixed, GridTools::tr("fixed")},
        {ImageMark::Broken, GridTools::tr("broken")},   {ImageMark::Query, GridTools::tr("query")},
        {ImageMark::Holdout, GridTools::tr("holdout")},
    };
    QStringList words;
    for (const auto& [mark, name] : all) {
        if (marks.testFlag(mark))
            words << name;
    }
    return joined(words);
}

QString decisionsInWords(const QList<Decision>& decisions)
{
    QStringList words;
    for (const Decision decision : decisions)
        words << ImageListModel::nameOf(decision);
    return joined(words);
}

QToolButton* makeChip(QWidget* parent, const QString& name, const QString& text)
{
    auto* chip = new QToolButton(parent);
    chip->setObjectName(QStringLiteral("chip.") + name);
    const int widest = chip->fontMetrics().averageCharWidth() * 40;
    QString label = chip->fontMetrics().elidedText(text, Qt::ElideMiddle, widest);
    label.replace('&', QLatin1String("&&")); // in the name of a class it is no mnemonic
    chip->setText(QChar(QChar::Nbsp) + label + QChar(QChar::Nbsp));
    chip->setIcon(icon(Icon::Close, parent->palette()));
    chip->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    chip->setLayoutDirection(parent->layoutDirection() == Qt::LeftToRight ? Qt::RightToLeft
                                                                          : Qt::LeftToRight);
    const int glyph = chip->fontMetrics().ascent();
    chip->setIconSize({glyph, glyph});
    chip->setFocusPolicy(Qt::TabFocus);
    chip->setToolTip(GridTools::tr("Take off this filter: %1").arg(text));
    chip->setAccessibleName(chip->toolTip());
    return chip;
}

} // namespace

QString nameOf(ImageColumn column)
{
    switch (column) {
    case ImageColumn::Image:
        return GridTools::tr("Order of the data");
    case ImageColumn::Label:
        return GridTools::tr("Label");
    case ImageColumn::Predicted:
        return GridTools::tr("What the model says");
    case ImageColumn::Suggested:
        return GridTools::tr("Suggested label");
    case ImageColumn::Loss:
        return GridTools::tr("Loss");
    case ImageColumn::Confidence:
        return GridTools::tr("Confidence");
    case ImageColumn::Influence:
        return GridTools::tr("Influence");
    case ImageColumn::Suspicion:
        return GridTools::tr("Suspicion");
    case ImageColumn::Culprit:
        return GridTools::tr("Culprit score");
    case ImageColumn::Rank:
        return GridTools::tr("Rank");
    case ImageColumn::ClassPair:
        return GridTools::tr("Class pair", "images of one confusion together");
    case ImageColumn::Decision:
        return GridTools::tr("Decision");
    }
    return {};
}

Qt::SortOrder usualOrderOf(ImageColumn column)
{
    switch (column) {
    case ImageColumn::Loss:
    case ImageColumn::Confidence:
    case ImageColumn::Influence:
    case ImageColumn::Suspicion:
    case ImageColumn::Culprit:
        return Qt::DescendingOrder;
    default:
        return Qt::AscendingOrder;
    }
}

GridTools::GridTools(ImageGridView* grid, const QList<ImageColumn>& columns, QWidget* scope)
    : QWidget(scope), m_images(grid->images()), m_selection(grid->selection()), m_columns(columns),
      m_search(new QLineEdit(this)), m_searchIcon(m_search->addAction(QIcon(), QLineEdit::LeadingPosition)),
      m_order(new QComboBox(this)), m_direction(new QToolButton(this)), m_size(grid->makeSizeSlider(this)),
      m_shown(new QLabel(this)), m_selected(new QLabel(this)), m_tools(new FlowLayout),
      m_state(new FlowLayout)
{
    setUpSearch(scope);
    setUpOrder();
    m_shown->setObjectName(QStringLiteral("grid.shown"));
    m_selected->setObjectName(QStringLiteral("grid.selected"));
    m_size->setObjectName(QStringLiteral("grid.size"));
    m_size->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    for (QWidget* tool : std::initializer_list<QWidget*>{m_search, m_order, m_direction, m_size})
        m_tools->addWidget(tool);
    m_state->addWidget(m_shown);
    m_state->addWidget(m_selected);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(spacing::tight);
    column->addLayout(m_tools);
    column->addLayout(m_state);
    m_countSoon.setSingleShot(true);
    m_countSoon.setInterval(0);
    connect(&m_countSoon, &QTimer::timeout, this, &GridTools::showSummary);
    connect(m_images, &ImageListModel::arrangementChanged, this, &GridTools::follow);
    connect(m_selection, &ImageSelection::selectionChanged, &m_countSoon, qOverload<>(&QTimer::start));
    drawIcons();
    follow();
    showSummary();
}

void GridTools::setUpSearch(QWidget* scope)
{
    m_search->setObjectName(QStringLiteral("grid.search"));
    m_search->setPlaceholderText(tr("Search"));
    m_search->setAccessibleName(tr("Search by class, file name or index"));
    m_search->setClearButtonEnabled(true);
    m_search->setMinimumWidth(m_search->fontMetrics().averageCharWidth() * 14);
    m_search->installEventFilter(this);
    m_typing.setSingleShot(true);
    m_typing.setInterval(typingPause);
    connect(&m_typing, &QTimer::timeout, this, &GridTools::applySearch);
    connect(m_search, &QLineEdit::textEdited, &m_typing, qOverload<>(&QTimer::start));
    connect(m_search, &QLineEdit::returnPressed, this, &GridTools::applySearch);
    auto* find = new QAction(tr("Search the images"), scope);
    find->setObjectName(QStringLiteral("grid.find"));
    find->setShortcut(QKeySequence::Find);
    find->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    scope->addAction(find);
    connect(find, &QAction::triggered, m_search, [this] {
        m_search->setFocus(Qt::ShortcutFocusReason);
        m_search->selectAll();
    });
    m_search->setToolTip(tr("Every word has to fit: a class, a part of a file name, or an index (%1)")
                             .arg(find->shortcut().toString(QKeySequence::NativeText)));
}

void GridTools::setUpOrder()
{
    m_order->setObjectName(QStringLiteral("grid.order"));
    m_order->setAccessibleName(tr("Sort by"));
    m_order->setToolTip(tr("Sort by"));
    m_direction->setObjectName(QStringLiteral("grid.direction"));
    m_direction->setFocusPolicy(Qt::StrongFocus);
    connect(m_order, &QComboBox::activated, this, [this] { applyOrder(usualOrderOf(chosenColumn())); });
    connect(m_direction, &QToolButton::clicked, this, [this] {
        applyOrder(m_images->sort().order == Qt::AscendingOrder ? Qt::DescendingOrder : Qt::AscendingOrder);
    });
}

void GridTools::addTool(QWidget* tool)
{
    m_tools->insertWidget(m_tools->count() - 1, tool);
    QWidget::setTabOrder(m_tools->itemAt(m_tools->count() - 3)->widget(), tool);
}

void GridTools::setSizeOffered(bool offered)
{
    m_size->setVisible(offered);
}

void GridTools::setIdsName(const QString& name)
{
    m_idsName = name;
    showChips();
}

// ---- what the person asks for

void GridTools::applySearch()
{
    m_typing.stop();
    ImageFilter filter = m_images->filter();
    filter.text = m_search->text();
    m_images->setFilter(filter);
}

ImageColumn GridTools::chosenColumn() const
{
    return m_offered.value(m_order->currentIndex(), ImageColumn::Image);
}

void GridTools::applyOrder(Qt::SortOrder order)
{
    m_images->setSort({chosenColumn(), order});
}

/// Esc takes the search off before it means anything to the page.
bool GridTools::eventFilter(QObject* watched, QEvent* event)
{
    const bool isKey = event->type() == QEvent::KeyPress || event->type() == QEvent::ShortcutOverride;
    if (watched != m_search || !isKey || static_cast<QKeyEvent*>(event)->key() != Qt::Key_Escape ||
        m_search->text().isEmpty())
        return QWidget::eventFilter(watched, event);
    event->accept();
    if (event->type() == QEvent::KeyPress) {
        m_search->clear();
        applySearch();
    }
    return true;
}

// ---- what holds

void GridTools::follow()
{
    followOrder();
    followFilter();
    m_countSoon.start();
}

void GridTools::followOrder()
{
    QList<ImageColumn> offered;
    for (const ImageColumn column : m_columns) {
        if (hasColumn(m_images->items(), column))
            offered << column;
    }
    if (offered != m_offered) {
        m_offered = offered;
        m_order->clear();
        for (const ImageColumn column : offered)
            m_order->addItem(nameOf(column));
    }
    // Sorted by what the images do not have, they stand in the order of the data.
    const ImageSort sort = m_images->sort();
    const bool isKnown = hasColumn(m_images->items(), sort.column);
    m_order->setCurrentIndex(static_cast<int>(offered.indexOf(isKnown ? sort.column : ImageColumn::Image)));
    const QString order =
        sort.order == Qt::AscendingOrder ? tr("Smallest or first on top") : tr("Largest or last on top");
    m_direction->setIcon(
        icon(sort.order == Qt::AscendingOrder ? Icon::Ascending : Icon::Descending, palette()));
    m_direction->setToolTip(order);
    m_direction->setAccessibleName(order);
}

void GridTools::followFilter()
{
    const ImageFilter filter = m_images->filter();
    if (!m_typing.isActive() && m_search->text() != filter.text)
        m_search->setText(filter.text);
    const bool isNew = filter != m_seen;
    if (isNew || m_names != m_images->items().classNames) {
        m_seen = filter;
        m_names = m_images->items().classNames;
        showChips();
    }
    if (isNew)
        Q_EMIT filterChanged(filter);
}

void GridTools::showChips()
{
    for (QToolButton* chip : std::exchange(m_chips, {})) {
        chip->hide();
        chip->deleteLater();
    }
    const ImageFilter& on = m_seen;
    const ImageItems& items = m_images->items();
    const auto chip = [&](const char* name, bool isOn, const QString& text, auto member) {
        ImageFilter without = on;
        without.*member = ImageFilter().*member;
        if (isOn)
            addChip(QString::fromLatin1(name), text, without);
    };
    chip("misclassified", on.misclassifiedOnly, tr("misclassified"), &ImageFilter::misclassifiedOnly);
    chip("cells", !on.cells.isEmpty(), cellsInWords(on.cells, items), &ImageFilter::cells);
    chip("labels", !on.labels.isEmpty(), labelsInWords(on.labels, items), &ImageFilter::labels);
    chip("predicted", !on.predicted.isEmpty(), predictionsInWords(on.predicted, items),
         &ImageFilter::predicted);
    chip("ids", on.ids.has_value(), m_idsName.isEmpty() ? tr("chosen images") : m_idsName, &ImageFilter::ids);
    chip("marks", bool(on.marks), marksInWords(on.marks), &ImageFilter::marks);
    chip("decisions", !on.decisions.isEmpty(), decisionsInWords(on.decisions), &ImageFilter::decisions);
}

void GridTools::addChip(const QString& name, const QString& text, const ImageFilter& without)
{
    QToolButton* chip = makeChip(this, name, text);
    connect(chip, &QToolButton::clicked, this, [this, without] { m_images->setFilter(without); });
    m_chips << chip;
    m_state->addWidget(chip);
    chip->show();
}

QString GridTools::countInWords() const
{
    const QLocale locale;
    const auto shown = static_cast<int>(m_images->rowCount());
    const auto all = static_cast<int>(m_images->items().size());
    return shown == all ? tr("%Ln image(s)", nullptr, all)
                        : tr("%1 of %2 shown").arg(locale.toString(shown), locale.toString(all));
}

void GridTools::showSummary()
{
    const QString count = countInWords();
    const QString selected = m_images->selectionSummary(*m_selection);
    const QString summary =
        selected.isEmpty() ? count : tr("%1 · %2", "shown · selected").arg(count, selected);
    m_shown->setText(count);
    m_selected->setText(selected);
    m_selected->setVisible(!selected.isEmpty());
    if (summary == m_summary)
        return;
    m_summary = summary;
    Q_EMIT summaryChanged();
}

// ---- looks

void GridTools::drawIcons()
{
    const Accents& accents = accentsOf(palette());
    m_searchIcon->setIcon(icon(Icon::Search, accents.dim, palette()));
    m_shown->setPalette(dimmedText(palette()));
}

void GridTools::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_images) {
        drawIcons();
        followOrder();
        showChips();
    }
}

} // namespace culprit::ui
