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
        if (m_next < m_rows->m_batches.size()) {
            out = m_rows->m_batches[m_next++];
            return true;
        }
        if (!std::exchange(m_isAtEnd, true)) {
            m_rows->readToTheEnd();
        }
        return false;
    }

    std::shared_ptr<SharedRows> m_rows;
    std::size_t m_next = 0;
    bool m_isAtEnd = false;
};

OperatorPtr SharedRows::reader(const std::shared_ptr<SharedRows>& rows)
{
    ++rows->m_reading;
    return std::make_unique<Reader>(rows);
}

SharedRows::~SharedRows()
{
    letGo();
}

void SharedRows::close()
{
    m_isClosed = true;
    if (m_reading == 0) {
        letGo();
    }
}

void SharedRows::readToTheEnd()
{
    if (--m_reading == 0 && m_isClosed) {
        letGo();
    }
}

void SharedRows::letGo()
{
    m_batches = {};
    m_inner->context().release(std::exchange(m_held, 0));
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
    // While they are computed they are charged to the inner operator, which lets them go with the
    // last of them.
    std::uint64_t samples = 0;
    auto computed = forEachBatch(*m_inner, [&](const Batch& batch) -> Result<void> {
        m_batches.push_back(batch);
        samples += batch.samples();
        return {};
    });
    if (!computed) {
        return computed;
    }
    m_held = samples;
    return m_inner->context().hold(samples);
}

} // namespace watchfire::promql
