// SPDX-License-Identifier: GPL-3.0-or-later
// Qt brings interfaces for its own item views only. An item's interface stands for a position, not for an
// image, so that it stays valid while the grid is filtered and sorted; what it says is always asked of the
// model.
#include "widgets/image_grid_accessible.h"

#include "widgets/image_grid_view.h"

#include <QAccessibleWidget>
#include <QHash>

namespace culprit::ui {
namespace {

class GridItemAccessible : public QAccessibleInterface, public QAccessibleActionInterface {
public:
    GridItemAccessible(ImageGridView* view, int position) : m_view(view), m_position(position) {}

    bool isValid() const override
    {
        return m_view && m_view->images() && m_position < m_view->images()->rowCount();
    }
    QObject* object() const override { return nullptr; }
    QWindow* window() const override { return m_view ? m_view->window()->windowHandle() : nullptr; }
    QAccessibleInterface* parent() const override { return QAccessible::queryAccessibleInterface(m_view); }
    QAccessibleInterface* child(int /*index*/) const override { return nullptr; }
    QAccessibleInterface* childAt(int /*x*/, int /*y*/) const override { return nullptr; }
    int childCount() const override { return 0; }
    int indexOfChild(const QAccessibleInterface* /*child*/) const override { return -1; }
    QAccessible::Role role() const override { return QAccessible::ListItem; }
    void setText(QAccessible::Text /*kind*/, const QString& /*text*/) override {}

    int position() const { return m_position; }

    QString text(QAccessible::Text kind) const override
    {
        if (!isValid())
            return {};
        const QModelIndex index = m_view->images()->index(m_position);
        if (kind == QAccessible::Name)
            return index.data(Qt::AccessibleTextRole).toString();
        return {};
    }

    QRect rect() const override
    {
        if (!isValid())
            return {};
        const QRect tile = m_view->visualRect(m_view->images()->index(m_position));
        return {m_view->viewport()->mapToGlobal(tile.topLeft()), tile.size()};
    }

    QAccessible::State state() const override
    {
        QAccessible::State state;
        if (!isValid()) {
            state.invalid = true;
            return state;
        }
        const TileRange visible = m_view->visiblePositions();
        state.selectable = true;
        state.multiSelectable = true;
        state.focusable = true;
        state.selected = m_view->selection()->contains(m_view->images()->idAt(m_position));
        state.focused = m_view->hasFocus() && m_view->currentIndex().row() == m_position;
        state.offscreen = m_position < visible.first || m_position > visible.last;
        return state;
    }

    void* interface_cast(QAccessible::InterfaceType type) override
    {
        return type == QAccessible::ActionInterface ? static_cast<QAccessibleActionInterface*>(this)
                                                    : nullptr;
    }

    QStringList actionNames() const override { return {toggleAction(), pressAction()}; }

    void doAction(const QString& name) override
    {
        if (!isValid())
            return;
        if (name == toggleAction())
            m_view->selection()->toggle(m_view->images()->idAt(m_position));
        else if (name == pressAction())
            m_view->setCurrentIndex(m_view->images()->index(m_position));
    }

    QStringList keyBindingsForAction(const QString& /*name*/) const override { return {}; }

private:
    QPointer<ImageGridView> m_view;
    int m_position;
};

class GridAccessible : public QAccessibleWidget {
public:
    explicit GridAccessible(ImageGridView* view) : QAccessibleWidget(view, QAccessible::List) {}

    ~GridAccessible() override
    {
        for (const QAccessible::Id id : std::as_const(m_items))
            QAccessible::deleteAccessibleInterface(id);
    }

    int childCount() const override { return view() && view()->images() ? view()->images()->rowCount() : 0; }

    QAccessibleInterface* child(int position) const override
    {
        if (position < 0 || position >= childCount())
            return nullptr;
        const auto known = m_items.constFind(position);
        if (known != m_items.cend())
            return QAccessible::accessibleInterface(*known);
        auto* item = new GridItemAccessible(view(), position);
        m_items.insert(position, QAccessible::registerAccessibleInterface(item));
        return item;
    }

    int indexOfChild(const QAccessibleInterface* child) const override
    {
        const auto* item = dynamic_cast<const GridItemAccessible*>(child);
        return item ? item->position() : -1;
    }

    QAccessibleInterface* childAt(int x, int y) const override
    {
        const QModelIndex index = view()->indexAt(view()->viewport()->mapFromGlobal(QPoint(x, y)));
        return index.isValid() ? child(index.row()) : nullptr;
    }

    QAccessibleInterface* focusChild() const override { return child(view()->currentIndex().row()); }

    QAccessible::State state() const override
    {
        QAccessible::State state = QAccessibleWidget::state();
        state.multiSelectable = true;
        return state;
    }

private:
    ImageGridView* view() const { return qobject_cast<ImageGridView*>(object()); }

    mutable QHash<int, QAccessible::Id> m_items; ///< Only those that were asked for.
};

QAccessibleInterface* makeGridAccessible(const QString& /*className*/, QObject* object)
{
    auto* view = qobject_cast<ImageGridView*>(object);
    return view ? new GridAccessible(view) : nullptr;
}

} // namespace

void installImageGridAccessibility()
{
    static const bool isInstalled = [] {
        QAccessible::installFactory(makeGridAccessible);
        return true;
    }();
    Q_UNUSED(isInstalled);
}

} // namespace culprit::ui
