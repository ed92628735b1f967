// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/operators/shared_rows.h"

namespace watchfire::promql {

class SharedRows::Reader final : public Operator {
public:
    explicit Reader(std::shared_ptr<SharedRows> rows)
        : Operator(rows->m_inner->context(), rows->m_inner->grid())
        , m_rows(std::move(rows))
    {
    }

private:
    Result<void> prepare() override
    {
        if (auto opened = m_rows->open(); !opened) {
            return opened;
        }
        m_schema = m_rows->m_inner->schema();
        m_staysDistinct = m_rows->m_inner->staysDistinct();
        return {};
    }
    Result<bool> produce(Batch& out) override
    {
        if (auto computed = m_rows->compute(); !computed) {
            return std::unexpected(computed.error());
        }
        if (m_next == m_rows->m_batches.size()) {
            return false;
        }
        out = m_rows->m_batches[m_next++];
        return true;
    }

    std::shared_ptr<SharedRows> m_rows;
    std::size_t m_next = 0;
};

OperatorPtr SharedRows::reader(const std::shared_ptr<SharedRows>& rows)
{
    return std::make_unique<Reader>(rows);
}

Result<void> SharedRows::open()
{
    if (std::exchange(m_isOpen, true)) {
        return {};
    }
    return m_inner->open();
}

Result<void> SharedRows::compute()
{
    if (std::exchange(m_isComputed, true)) {
        return {};
    }
    return forEachBatch(*m_inner, [this](const Batch& batch) -> Result<void> {
        m_batches.push_back(batch);
        return {};
    });
}

} // namespace watchfire::promql
