#include "sim/core/pool.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

enum { THREADS_MAX = 4096 };

struct gw_pool {
    unsigned threads; /* with the caller's */
    unsigned started;
    pthread_t *thread;

    pthread_mutex_t lock; /* guards what follows, up to next */
    pthread_cond_t begin, end;
    uint64_t job; /* number of the current one: tells a woken thread whether it is new */
    unsigned busy;
    bool quit;
    size_t n;
    void (*work)(void *context, size_t index);
    void *context;

    atomic_size_t next; /* index that is handed out next */
};

static void work_off(struct gw_pool *self, size_t n, void (*work)(void *, size_t), void *context)
{
    for (;;) {
        const size_t i = atomic_fetch_add_explicit(&self->next, 1, memory_order_relaxed);
        if (i >= n) {
            return;
        }
        work(context, i);
    }
}

static void *crew_main(void *arg)
{
    struct gw_pool *self = arg;
    uint64_t done = 0;
    pthread_mutex_lock(&self->lock);
    for (;;) {
        while (self->job == done && !self->quit) {
            pthread_cond_wait(&self->begin, &self->lock);
        }
        if (self->quit) {
            break;
        }
        done = self->job;
        const size_t n = self->n;
        void (*work)(void *, size_t) = self->work;
        void *context = self->context;
        pthread_mutex_unlock(&self->lock);

        work_off(self, n, work, context);

        pthread_mutex_lock(&self->lock);
        if (--self->busy == 0) {
            pthread_cond_signal(&self->end);
        }
    }
    pthread_mutex_unlock(&self->lock);
    return NULL;
}

void gw_pool_destroy(struct gw_pool *self)
{
    if (self == NULL) {
        return;
    }
    pthread_mutex_lock(&self->lock);
    self->quit = true;
    pthread_cond_broadcast(&self->begin);
    pthread_mutex_unlock(&self->lock);
    for (unsigned i = 0; i < self->started; i++) {
        pthread_join(self->thread[i], NULL);
    }
    pthread_cond_destroy(&self->end);
    pthread_cond_destroy(&self->begin);
    pthread_mutex_destroy(&self->lock);
    free(self->thread);
    free(self);
}

static unsigned wanted_threads(unsigned threads)
{
    if (threads == 0) {
        const long online = sysconf(_SC_NPROCESSORS_ONLN);
        threads = online < 1 ? 1 : online > THREADS_MAX ? THREADS_MAX : (unsigned)online;
    }
    return threads;
}

/* The locks of a pool that has no crew yet; false when the system refuses one. */
static bool init_locks(struct gw_pool *self)
{
    if (pthread_mutex_init(&self->lock, NULL) != 0) {
        return false;
    }
    if (pthread_cond_init(&self->begin, NULL) == 0) {
        if (pthread_cond_init(&self->end, NULL) == 0) {
            return true;
        }
        pthread_cond_destroy(&self->begin);
    }
    pthread_mutex_destroy(&self->lock);
    return false;
}

struct gw_pool *gw_pool_create(unsigned threads)
{
    struct gw_pool *self = calloc(1, sizeof *self);
    if (self == NULL) {
        return NULL;
    }
    self->threads = wanted_threads(threads);
    self->thread = calloc(self->threads, sizeof *self->thread);
    if (self->thread == NULL || !init_locks(self)) {
        free(self->thread);
        free(self);
        return NULL;
    }
    for (unsigned i = 1; i < self->threads; i++) {
        if (pthread_create(&self->thread[self->started], NULL, crew_main, self) != 0) {
            gw_pool_destroy(self);
            return NULL;
        }
        self->started++;
    }
    return self;
}

unsigned gw_pool_threads(const struct gw_pool *self)
{
    return self->threads;
}

void gw_pool_for(struct gw_pool *self, size_t n, void (*work)(void *context, size_t index), void *context)
{
    if (self->threads == 1 || n < 2) {
        for (size_t i = 0; i < n; i++) {
            work(context, i);
        }
        return;
    }

    pthread_mutex_lock(&self->lock);
    self->n = n;
    self->work = work;
    self->context = context;
    self->busy = self->started;
    self->job++;
    atomic_store_explicit(&self->next, 0, memory_order_relaxed); /* published by the lock */
    pthread_cond_broadcast(&self->begin);
    pthread_mutex_unlock(&self->lock);

    work_off(self, n, work, context);

    /* the lock also makes all that the crew wrote visible here */
    pthread_mutex_lock(&self->lock);
    while (self->busy > 0) {
        pthread_cond_wait(&self->end, &self->lock);
    }
    pthread_mutex_unlock(&self->lock);
}
